// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
// panel-model/src/fields.ts
var PANEL_FIELDS = [
  "churn_risk",
  "churn_band",
  "churn_trend",
  "churn_signs",
  "churn_signs_restricted",
  "churn_history",
  "segment",
  "lifecycle_stage",
  "value_12m",
  "value_12m_low",
  "value_12m_high",
  "offer_1",
  "offer_1_code",
  "offer_1_why",
  "offer_1_response",
  "offer_2",
  "offer_2_code",
  "offer_2_why",
  "offer_2_response",
  "offer_3",
  "offer_3_code",
  "offer_3_why",
  "offer_3_response",
  "next_action",
  "score_note",
  "scored_at"
];
var UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/g;
function textOf(value) {
  if (value === void 0 || value === null) return "";
  return String(value).replace(UNSEEN, " ").replace(/ {2,}/g, " ").trim();
}
var capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
var stopped = (text) => text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
function numberOf(value) {
  const text = textOf(value);
  if (text === "") return null;
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
var ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}:?\d{2})?)?$/;
function instantOf(value) {
  const text = textOf(value);
  if (text === "") return null;
  if (/^\d{9,15}$/.test(text)) return Number(text);
  if (!ISO.test(text)) return Number.NaN;
  const zoned = text.replace(/([-+]\d{2})(\d{2})$/, "$1:$2");
  return Date.parse(text.length > 10 && !/(Z|[-+]\d{2}:\d{2})$/.test(zoned) ? `${zoned}Z` : zoned);
}

// panel-model/src/answers.ts
var ANSWERS = [
  { value: "Accepted", label: "Accept" },
  { value: "Not now", label: "Not now" },
  { value: "Not relevant", label: "Not relevant" }
];
var SAVING = "Saving …";
var SAVED = "Saved.";
var TAKEN_BACK = "Answer taken back.";
function answersTo(offer, now) {
  return {
    label: `Your answer to ${offer.name}`,
    choices: ANSWERS.map((choice) => ({ ...choice, pressed: choice.value === offer.answer })),
    status: statusOf(offer.response, now),
    refused: now?.phase === "refused" ? now.text : ""
  };
}
function statusOf(response, now) {
  if (now?.phase === "saving") return SAVING;
  if (now?.phase !== "saved" && now?.phase !== "kept") return response;
  return `${response === "" ? TAKEN_BACK : `${response}. ${SAVED}`}${now.text === "" ? "" : ` ${now.text}`}`;
}
var pressed = (offer, value) => offer.answer === value ? null : value;
var CHANGED_MEANWHILE = "Not saved: this customer was changed while the page was open. Look again, then answer.";
var notSaved = (why) => textOf(why) === "" ? "Not saved. Try again." : `Not saved: ${textOf(why)}`;

// panel-model/src/history.ts
var DAY = 864e5;
var WIDTH = 160;
var HEIGHT = 40;
var EDGE = 4;
function historyOf(value, now, words) {
  const points = parse(textOf(value), now);
  const first = points[0];
  const last = points[points.length - 1];
  if (first === void 0 || last === void 0 || points.length < 2) return null;
  const place = ({ at, risk }) => ({
    x: round(EDGE + (at - first.at) / (last.at - first.at) * (WIDTH - 2 * EDGE)),
    y: round(EDGE + (1 - risk / 100) * (HEIGHT - 2 * EDGE))
  });
  const path = points.map(place).map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`);
  return {
    path: path.join(" "),
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    end: place(last),
    summary: `${first.risk} % on ${words.day(first.at)}, ${last.risk} % on ${words.day(last.at)}.`,
    points: points.map((point, i) => ({ key: `point-${i + 1}`, day: words.day(point.at), risk: `${point.risk} %` }))
  };
}
function parse(text, now) {
  const byDay = /* @__PURE__ */ new Map();
  for (const entry of text.split(";")) {
    const match = /^\s*(\d{4}-\d{2}-\d{2})\s+(\d{1,3})\s*$/.exec(entry);
    const at = instantOf(match?.[1]);
    const risk = Number(match?.[2]);
    if (at === null || Number.isNaN(at) || at > now + DAY || !(risk >= 0 && risk <= 100) || byDay.has(at)) continue;
    byDay.set(at, { at, risk });
  }
  return [...byDay.values()].sort((a, b) => a.at - b.at);
}
var round = (value) => Math.round(value * 10) / 10;

// panel-model/src/note.ts
var NO_SCORE = "No churn score:";
function noteOf(value, scored) {
  const text = textOf(value);
  const at = text.indexOf(NO_SCORE);
  if (at >= 0) {
    const known = text.slice(0, at).replace(/\.\s*$/, "");
    return { meaning: "", about: "", facts: factsOf(known), why: stopped(capital(text.slice(at + NO_SCORE.length).trim())) };
  }
  if (!scored && text.endsWith("…")) return { meaning: "", about: "", facts: factsOf(text), why: "" };
  if (!text.startsWith("Chance of ")) return { meaning: "", about: text, facts: [], why: "" };
  const end = text.indexOf(". ");
  if (end < 0) return { meaning: text.replace(/\.$/, ""), about: "", facts: [], why: "" };
  return { meaning: text.slice(0, end), about: text.slice(end + 2), facts: [], why: "" };
}
var factsOf = (text) => text.split("; ").map((fact) => fact.trim()).filter((fact) => fact !== "" && fact !== "…").map(capital);

// panel-model/src/reasons.ts
function parse2(signs) {
  const found = [];
  const sign = /\s*(.*?)\s*\(([-+−])(\d{1,3})\)(?:\s*;\s*|\s*$)/gy;
  let end = 0;
  for (let match = sign.exec(signs); match !== null; match = sign.exec(signs)) {
    end = sign.lastIndex;
    if (match[1]) found.push({ text: match[1], points: Number(match[3]) * (match[2] === "+" ? 1 : -1) });
    if (end >= signs.length) break;
  }
  const rest = signs.slice(end).trim();
  if (rest !== "") found.push({ text: rest, points: null });
  return found;
}
function reasonsOf(open, restricted) {
  const all = [
    ...parse2(textOf(open)).map((one) => ({ ...one, restricted: "" })),
    ...parse2(textOf(restricted)).map((one) => ({ ...one, restricted: "Not visible to everyone" }))
  ];
  const weight = (one) => one.points === null ? -1 : Math.abs(one.points);
  return all.sort((a, b) => weight(b) - weight(a)).map((one, i) => ({ key: `reason-${i + 1}`, ...one, text: capital(one.text), ...directed(one.points) }));
}
function directed(points) {
  if (points === null) return { direction: "unknown", arrow: "", effect: "", points: "" };
  if (points === 0) return { direction: "unknown", arrow: "", effect: "hardly changes the risk", points: "0" };
  const size = Math.abs(points);
  const by = `the risk by ${size} ${size === 1 ? "point" : "points"}`;
  return points > 0 ? { direction: "raises", arrow: "▲", effect: `raises ${by}`, points: `+${size}` } : { direction: "lowers", arrow: "▼", effect: `lowers ${by}`, points: `−${size}` };
}

// panel-model/src/words.ts
var DAY2 = 864e5;
function wordsOf(locale, now) {
  const tag = usable(locale);
  const date = new Intl.DateTimeFormat(tag, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
  const amount = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  return {
    day: (instant) => date.format(instant),
    amount: (value) => amount.format(value),
    ago(instant) {
      const days = Math.floor(now / DAY2) - Math.floor(instant / DAY2);
      if (days <= 0) return "today";
      return days === 1 ? "yesterday" : `${days} days ago`;
    }
  };
}
function usable(locale) {
  try {
    return locale === void 0 ? "en" : Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}

// panel-model/src/build.ts
var DAY3 = 864e5;
var STALE_AFTER_DAYS = 10;
function buildPanel(fields, options) {
  const words = wordsOf(options.locale, options.now);
  const risk = numberOf(fields.churn_risk);
  const value = risk !== null && risk >= 1 && risk <= 99 ? Math.round(risk) : null;
  const note = noteOf(fields.score_note, value !== null);
  const age = ageOf(fields, options, words);
  const state = stateOf(fields, risk, value, note, age);
  const headingLevel = Math.min(6, Math.max(1, Math.round(options.headingLevel ?? 2)));
  const said = { ...sections(fields, value, note, options.now, words), about: note.about, footer: age.footer };
  return { state, headingLevel, summary: summaryOf(state, said, note), notice: noticeOf(state, fields, note, age), ...said };
}
function errorPanel(title, text, headingLevel = 2) {
  return { ...EMPTY, state: "error", headingLevel, summary: `${title}. ${text}`, notice: { tone: "error", title, text } };
}
var EMPTY = {
  action: null,
  score: null,
  trend: null,
  history: null,
  facts: null,
  reasons: null,
  offers: null,
  details: null,
  about: "",
  footer: ""
};
function ageOf(fields, options, words) {
  const at = instantOf(fields.scored_at);
  if (fields.scored_at === void 0) return { footer: "", warning: "" };
  if (at === null || Number.isNaN(at)) return { footer: "", warning: "It is not known when this was scored." };
  if (at > options.now + DAY3) {
    return { footer: "", warning: `The score is dated ${words.day(at)}, which is still to come: a clock is wrong somewhere.` };
  }
  const footer = `${numberOf(fields.churn_risk) === null ? "Checked" : "Scored"} ${words.ago(at)}.`;
  if (options.now - at <= (options.staleAfterDays ?? STALE_AFTER_DAYS) * DAY3) return { footer, warning: "" };
  return { footer, warning: `Last scored on ${words.day(at)}, ${words.ago(at)}. Much may have changed since.` };
}
function stateOf(fields, risk, value, note, age) {
  if (PANEL_FIELDS.every((name) => fields[name] === void 0)) return "no-access";
  if (value !== null) return age.warning === "" ? "scored" : "stale";
  if (risk !== null) return "error";
  if (note.facts.length > 0) return "facts";
  return fields.churn_risk === void 0 && note.why === "" ? "no-access" : "unscored";
}
function noticeOf(state, fields, note, age) {
  if (state === "stale") return { tone: "warning", title: "This score may be out of date", text: age.warning };
  if (state === "facts" || state === "unscored") {
    const why = note.why || (state === "facts" ? "There is not enough to go by yet." : "Nothing was scored for this record yet.");
    return { tone: "info", title: "No churn score", text: why };
  }
  if (state === "error") {
    const found = textOf(fields.churn_risk).slice(0, 40);
    const text = `“${found}” stands where a number from 1 to 99 should be. Ask your admin who else writes to this field.`;
    return { tone: "error", title: "The churn risk cannot be read", text };
  }
  if (state === "no-access") {
    const all = PANEL_FIELDS.every((name) => fields[name] === void 0);
    return all ? { tone: "info", title: "You cannot see the scores", text: "Ask your admin for permission to read the Assay fields." } : {
      tone: "info",
      title: "You cannot see the churn risk",
      text: "What you may see is shown. Ask your admin for permission to read the rest."
    };
  }
  return null;
}
function sections(fields, value, note, now, words) {
  const action = textOf(fields.next_action);
  const reasons = reasonsOf(fields.churn_signs, fields.churn_signs_restricted);
  return {
    ...EMPTY,
    action: action === "" ? null : { heading: "Next step", text: action },
    score: value === null ? null : { heading: "Churn risk", value, text: `${value} %`, ...bandOf(fields), ...meaningOf(note) },
    trend: value === null ? null : trendOf(fields),
    history: value === null ? null : historyOf(fields.churn_history, now, words),
    facts: note.facts.length === 0 ? null : { heading: "What is known", items: note.facts.map((text, i) => ({ key: `fact-${i + 1}`, text })) },
    reasons: value === null ? null : reasonSection(reasons, fields),
    offers: offersOf(fields),
    details: detailsOf(fields, words)
  };
}
var meaningOf = (note) => ({
  meaning: note.meaning || "Chance that this customer leaves",
  direction: "Higher is worse."
});
var BAND_TONES = { Low: "good", Medium: "caution", High: "bad" };
function bandOf(fields) {
  const band = textOf(fields.churn_band);
  const tone = own(BAND_TONES, band);
  return { band: tone === void 0 ? band : `${band} risk`, tone: tone ?? "neutral" };
}
var TRENDS = {
  Rising: { text: "Rising", arrow: "↗", tone: "bad" },
  Falling: { text: "Falling", arrow: "↘", tone: "good" },
  Steady: { text: "Steady", arrow: "→", tone: "neutral" },
  "Not enough history": { text: "Not enough history for a trend", arrow: "", tone: "neutral" }
};
function trendOf(fields) {
  const text = textOf(fields.churn_trend);
  return text === "" ? null : own(TRENDS, text) ?? { text, arrow: "", tone: "neutral" };
}
var own = (table, name) => Object.prototype.hasOwnProperty.call(table, name) ? table[name] : void 0;
function reasonSection(items, fields) {
  const none = fields.churn_signs === void 0 ? "You may not see the reasons." : "No single sign stands out.";
  return {
    heading: "Why",
    main: items[0] ?? null,
    items,
    raising: items.filter((one) => one.direction === "raises"),
    lowering: items.filter((one) => one.direction === "lowers"),
    note: items.length === 0 ? none : "Signs, not proven causes. Points are compared with the average customer."
  };
}
var ANSWERED = "Answer: ";
function offersOf(fields) {
  const slots = [
    [fields.offer_1, fields.offer_1_code, fields.offer_1_why, fields.offer_1_response],
    [fields.offer_2, fields.offer_2_code, fields.offer_2_why, fields.offer_2_response],
    [fields.offer_3, fields.offer_3_code, fields.offer_3_why, fields.offer_3_response]
  ];
  const items = slots.map(([name, code, why, response], i) => {
    const answer = textOf(response);
    return {
      key: `offer-${i + 1}`,
      rank: String(i + 1),
      name: textOf(name) || textOf(code),
      code: textOf(name) === textOf(code) ? "" : textOf(name) && textOf(code),
      why: textOf(why),
      response: answer === "" ? "" : ANSWERED + answer,
      answer
    };
  }).filter((offer) => offer.name !== "");
  return items.length === 0 ? null : { heading: "What to offer", items };
}
function detailsOf(fields, words) {
  const items = [
    { key: "segment", label: "Segment", text: textOf(fields.segment) },
    { key: "lifecycle", label: "Lifecycle stage", text: textOf(fields.lifecycle_stage) },
    { key: "value", label: "Expected value, 12 months", text: valueOf(fields, words) }
  ].filter((item) => item.text !== "");
  return items.length === 0 ? null : { heading: "Customer", items };
}
function valueOf(fields, words) {
  const [value, low, high] = [numberOf(fields.value_12m), numberOf(fields.value_12m_low), numberOf(fields.value_12m_high)];
  if (value === null || Number.isNaN(value)) return "";
  const ranged = low !== null && high !== null && low <= value && value <= high;
  return ranged ? `about ${words.amount(value)} (${words.amount(low)} to ${words.amount(high)})` : words.amount(value);
}
function summaryOf(state, said, note) {
  const parts = [];
  if (said.score) {
    const trend = said.trend && said.trend.arrow !== "" ? `, ${said.trend.text.toLowerCase()}` : "";
    parts.push(`Churn risk ${said.score.value} percent${said.score.band === "" ? "" : `, ${said.score.band.toLowerCase()}`}${trend}.`);
    const main = said.reasons?.main;
    if (main) parts.push(stopped(`Main sign: ${main.text}${main.effect === "" ? "" : `, ${main.effect}`}`));
  } else if (state === "facts" || state === "unscored") {
    parts.push(
      said.facts ? `No churn score. Known: ${said.facts.items.map((fact) => fact.text).join("; ")}.` : `No churn score. ${note.why || "Nothing was scored for this record yet."}`
    );
  } else {
    parts.push(state === "error" ? "The churn risk cannot be read." : "You cannot see the churn risk.");
  }
  if (state === "stale") parts.push("This score may be out of date.");
  if (said.action) parts.push(`Next step: ${stopped(said.action.text)}`);
  return parts.join(" ");
}

// panel-model/src/notices.ts
var noted = (title, text, headingLevel) => ({
  ...errorPanel(title, text, headingLevel),
  state: "no-access",
  notice: { tone: "info", title, text }
});
var scoresOf = (customer, name) => `Scores of the ${customer} ${textOf(name)}`.trim();
var noCustomer = (record, customer, headingLevel) => noted(
  `This ${record} has no ${customer}`,
  `The scores are those of the ${customer}. Once the ${record} has one, they stand here.`,
  headingLevel
);
var hiddenCustomer = (record, customer, headingLevel) => noted(
  `You cannot see the ${customer}`,
  `The scores are those of the ${customer} of this ${record}. Ask your admin for permission to see it.`,
  headingLevel
);
var outOfReach = (headingLevel) => noted("You cannot see this record", "It was deleted, or you may not open it.", headingLevel);
var notLoaded = (crm, why, headingLevel) => errorPanel("The scores could not be loaded", why === "" ? `${crm} did not say why.` : `${crm} says: ${why}`, headingLevel);
export {
  ANSWERS,
  CHANGED_MEANWHILE,
  PANEL_FIELDS,
  answersTo,
  buildPanel,
  errorPanel,
  hiddenCustomer,
  noCustomer,
  notLoaded,
  notSaved,
  outOfReach,
  pressed,
  scoresOf,
  textOf
};
