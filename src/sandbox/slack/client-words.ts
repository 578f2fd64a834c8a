/** What Slack's client itself says of what was filled in, in the language of who filled it in. */
export interface ClientWords {
  required: string
  atLeast(characters: number): string
  atMost(characters: number): string
  email: string
  url: string
  number: string
  whole: string
  least(value: unknown): string
  most(value: unknown): string
  choices(most: number): string
  files(most: number): string
  large(name: string): string
  type(name: string, types: string): string
}

const en: ClientWords = {
  required: 'Please complete this required field.',
  atLeast: (n) => `Please enter at least ${n} characters.`,
  atMost: (n) => `Please enter no more than ${n} characters.`,
  email: 'Enter an email address.',
  url: 'Enter a URL.',
  number: 'Enter a number.',
  whole: 'Enter a whole number.',
  least: (value) => `Enter at least ${value}.`,
  most: (value) => `Enter at most ${value}.`,
  choices: (most) => `Choose no more than ${most}.`,
  files: (most) => `You can add up to ${most} files.`,
  large: (name) => `${name} is too large. Files can be up to 10 MB.`,
  type: (name, types) => `${name} is not one of the allowed file types (${types}).`,
}

const es: ClientWords = {
  required: 'Completa este campo obligatorio.',
  atLeast: (n) => `Escribe al menos ${n} caracteres.`,
  atMost: (n) => `Escribe como máximo ${n} caracteres.`,
  email: 'Escribe una dirección de correo.',
  url: 'Escribe una URL.',
  number: 'Escribe un número.',
  whole: 'Escribe un número entero.',
  least: (value) => `Escribe como mínimo ${value}.`,
  most: (value) => `Escribe como máximo ${value}.`,
  choices: (most) => `Elige como máximo ${most}.`,
  files: (most) => `Puedes añadir hasta ${most} archivos.`,
  large: (name) => `${name} es demasiado grande. Cada archivo puede tener hasta 10 MB.`,
  type: (name, types) => `${name} no es de un tipo permitido (${types}).`,
}

const pt: ClientWords = {
  required: 'Preencha este campo obrigatório.',
  atLeast: (n) => `Digite pelo menos ${n} caracteres.`,
  atMost: (n) => `Digite no máximo ${n} caracteres.`,
  email: 'Digite um endereço de e-mail.',
  url: 'Digite uma URL.',
  number: 'Digite um número.',
  whole: 'Digite um número inteiro.',
  least: (value) => `Digite no mínimo ${value}.`,
  most: (value) => `Digite no máximo ${value}.`,
  choices: (most) => `Escolha no máximo ${most}.`,
  files: (most) => `Você pode adicionar até ${most} arquivos.`,
  large: (name) => `${name} é grande demais. Cada arquivo pode ter até 10 MB.`,
  type: (name, types) => `${name} não é de um tipo permitido (${types}).`,
}

/** English where there is nothing else. */
export function clientWords(locale: string | undefined): ClientWords {
  return { es, pt }[locale?.slice(0, 2) ?? ''] ?? en
}
