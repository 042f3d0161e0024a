/** Colours of both schemes: text at least 4.5:1 on its ground, lines and focus at least 3:1. */
export const TOKENS = `
  --text: #1c2430; --quiet: #55606e; --ground: #ffffff; --raised: #f3f5f8; --edge: #c9d0d9; --control: #77818f; --focus: #1a56c4;
  --good: #14653a; --good-ground: #e3f4ea; --caution: #7a4a00; --caution-ground: #fdf0d5; --bad: #9c1c1c; --bad-ground: #fde7e7;
  --info: #1b4a8f; --info-ground: #e8f0fc;`

export const DARK_TOKENS = `
  --text: #e8ecf2; --quiet: #a9b4c2; --ground: #14181e; --raised: #1f252e; --edge: #465261; --control: #7f8b9a; --focus: #8ab4ff;
  --good: #7fdba5; --good-ground: #14301f; --caution: #f3c26b; --caution-ground: #352608; --bad: #ff9d9d; --bad-ground: #3d1717;
  --info: #a8c9ff; --info-ground: #16263f;`
