import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { smallPng } from './small-png.ts'

const chunk = (type: string, data: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}

test('a picture of few colours keeps each of them, however its rows were predicted', () => {
  const head = Buffer.from('00000002000000050802000000', 'hex')
  // Two pixels a row, the rows predicted from nothing, the left, the upper, both and the nearest of them.
  const rows = [
    [0, 10, 20, 30, 40, 50, 60],
    [1, 10, 20, 30, 30, 30, 30],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 5, 10, 15, 15, 15, 15],
    [4, 0, 0, 0, 0, 0, 0],
  ]
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  const small = smallPng(png)
  const part = (type: string) => {
    const at = small.indexOf(type)
    return small.subarray(at + 4, at + 4 + small.readUInt32BE(at - 4))
  }
  const indices = inflateSync(part('IDAT'))
  const colour = (x: number, y: number) => [
    ...part('PLTE')
      .subarray(indices[y * 3 + 1 + x]! * 3)
      .subarray(0, 3),
  ]
  for (let y = 0; y < 5; y++)
    expect([colour(0, y), colour(1, y)]).toEqual([
      [10, 20, 30],
      [40, 50, 60],
    ])
})

test('what is no picture of that kind is refused', () => {
  const grey = Buffer.concat([Buffer.alloc(8), chunk('IHDR', Buffer.from('00000002000000050800000000', 'hex'))])
  expect(() => smallPng(grey)).toThrow('another kind')
})
