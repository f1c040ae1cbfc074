/** How wide a text is, in half characters: a Chinese character is as wide as two Latin ones. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character.charCodeAt(0) > 0x2e7f ? 2 : 1;
  return width;
}
