import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readForm } from '../../src/form-file.ts'
import { fullLabel } from '../../src/ticket/form.ts'

/** The Spanish labels of the source documents (spec section 9), to the letter. */
const spanish: Record<string, string> = {
  name: 'Nombre',
  account: 'Cuenta',
  'button.continue': 'Seguir',
  'button.send': 'Enviar',
  'branch.technical': 'Técnico',
  'branch.financial': 'Financiero',
  'branch.commercial': 'Comercial',
  problem_type: 'Tipo de problema',
  subject: 'Asunto de la solicitud',
  impact: 'Impacto del problema',
  users: 'Usuarios afectados por el problema',
  experience: 'Su experiencia en la plataforma',
  description: 'Describa en detalle lo sucedido',
  file: 'Elija un archivo',
  consent: 'Acepto que la solución de mi problema/duda se comparta de manera anónima con VTEX',
  financial: 'Asunto de la solicitud',
  commercial: 'Tipo de solicitud',
  'page.identification': 'Comencemos',
  'page.choice': '¿Qué necesitas?',
  'problem_type.1': 'La tienda enfrenta un problema o comportamiento inesperado',
  'problem_type.2': 'Tengo una duda y quisiera hacer una pregunta',
  'problem_type.3': 'Quisiera solicitar una configuración',
  'impact.auxiliary': 'Comportamiento inesperado en los recursos auxiliares de la tienda',
  'impact.important': 'Comportamiento inesperado en los recursos importantes de la tienda',
  'impact.critical': 'Comportamiento inesperado en los recursos críticos de la tienda',
  'users.admin': 'Usuarios del panel administrativo',
  'users.buyers': 'Compradores, consumidores o usuarios finales',
  'users.all': 'Todos los usuarios',
  'experience.1': 'Conozco los recursos básicos. Estoy aprendiendo',
  'experience.2': 'Sé todo lo que necesito para hacer bien mi trabajo',
  'experience.3': 'Tengo experiencia, conozco recursos avanzados',
  'financial.01': 'Admin bloqueado',
  'financial.02': 'Alerta de retraso en el Admin',
  'financial.03': 'Envío de comprobante de pago',
  'financial.04': 'Problemas al recibir o conciliar el boleto y/o factura',
  'financial.05': 'Dudas sobre el valor, el cálculo y otras informaciones de cobranzas',
  'financial.06': 'Migración del modelo de contrato',
  'financial.07':
    'Modificación del nro. de registro de persona jurídica - Transferencia de responsabilidad contractual',
  'financial.08': 'Modificación de los destinatarios de las facturas',
  'financial.09': 'Modificación de los datos de registro',
  'financial.10': 'Rescisión del contrato',
  'financial.11': 'Cambio del vencimiento mensual de la factura',
  'financial.12': 'Partner VTEX',
  'commercial.1': 'Nueva Política Comercial',
  'commercial.2': 'Nuevo White Label',
  'commercial.3': 'Nuevo Ambiente Seller',
  'commercial.4': 'Nuevo Ambiente Adicional',
  'commercial.5': 'Cambio de Master Admin',
}

const options = { company: 'VTEX' }

test('X14 the Spanish form says what the source documents say', async () => {
  const { labels } = await readForm('templates', 'es', options)
  const said = Object.keys(spanish).map((key) => [key, labels[key] && fullLabel(labels[key])])
  expect(Object.fromEntries(said)).toEqual(spanish)
})

test('the Portuguese form says of itself that its words are ours, and only it does', () => {
  const comment = (locale: string) => JSON.parse(readFileSync(`templates/${locale}/forms/intake.json`, 'utf8')).$comment
  expect(['en', 'es', 'pt'].map(comment)).toEqual([
    undefined,
    undefined,
    expect.stringContaining('Our own translation'),
  ])
})

test.each(['es', 'pt'])('the form in %s has every label and every hint of the English one', async (locale) => {
  const english = (await readForm('templates', 'en', options)).labels
  const { labels } = await readForm('templates', locale, options)
  const parts = (each: typeof labels) =>
    Object.entries(each)
      .map(([key, { hint, placeholder, words }]) => [key, Boolean(hint), Boolean(placeholder), Boolean(words)])
      .sort()
  expect(parts(labels)).toEqual(parts(english))
})
