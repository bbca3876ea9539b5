// Days and moments as our sentences say them, in UTC.

export const day = (date) =>
  date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
export const when = (date) => `${day(date)}, ${date.toISOString().slice(11, 16)} UTC`;
export const duration = (minutes) =>
  [minutes >= 60 && `${Math.floor(minutes / 60)} h`, (minutes % 60 || !minutes) && `${minutes % 60} min`]
    .filter(Boolean)
    .join(" ");
export const earliest = (dates) => new Date(Math.min(...dates));
