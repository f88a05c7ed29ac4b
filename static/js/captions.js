// The line beneath a picture that leaves the page: what was asked, of which posts, and what cannot be seen in them.

const SIZE = 11;
const ROW = 16;
const MARGIN = 12;
// Beneath less than this it would be a column of words.
const NARROWEST = 720;
// Shown as wide as this, a larger picture has a caption that can be read.
const PAGE = 1200;

/** The words of a text in rows, each as long as `fits` lets it be. */
export function rowsOf(text, fits) {
  const rows = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
    if (rows.length && fits(longer)) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}

/** A canvas with a picture and its caption beneath; `sharpness` is how many of its pixels make one of the page, at least. */
export function captioned(picture, text, colours, sharpness) {
  const ratio = Math.max(sharpness, picture.width / PAGE);
  const sheet = document.createElement("canvas");
  const paper = sheet.getContext("2d");
  const font = `${SIZE * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  const width = Math.max(picture.width, NARROWEST * ratio);
  paper.font = font;
  const rows = rowsOf(text, (row) => paper.measureText(row).width <= width - 2 * MARGIN * ratio);
  Object.assign(sheet, { width, height: picture.height + (rows.length * ROW + 2 * MARGIN) * ratio });
  paper.fillStyle = colours.sheet;
  paper.fillRect(0, 0, sheet.width, sheet.height);
  paper.drawImage(picture, (width - picture.width) / 2, 0);
  Object.assign(paper, { font, fillStyle: colours["ink-soft"], textBaseline: "top" });
  rows.forEach((row, place) => paper.fillText(row, MARGIN * ratio, picture.height + (MARGIN + place * ROW) * ratio));
  return sheet;
}
