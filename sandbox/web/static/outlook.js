/* What the page does by itself: it shows the working hours, makes an event where one clicks,
   keeps the end after the start, and looks again when something changed. It works without. */
"use strict";

const WATCH_EVERY = 2000;

function showWorkingHours() {
  const scroll = document.querySelector(".scroll");
  if (!scroll) return;
  const hour = document.querySelector(".hours").offsetHeight / 24;
  const kept = sessionStorage.getItem("hours");
  scroll.scrollTop = kept === null ? hour * 7.5 : Number(kept);
  scroll.addEventListener("scroll", () => sessionStorage.setItem("hours", scroll.scrollTop));
}

function makeEventsWhereClicked() {
  for (const column of document.querySelectorAll(".column")) {
    column.addEventListener("click", (click) => {
      if (click.target !== column) return;
      const halves = Math.floor((click.offsetY / column.offsetHeight) * 48);
      const pad = (number) => String(number).padStart(2, "0");
      const time = `${pad(Math.floor(halves / 2))}:${halves % 2 ? "30" : "00"}`;
      location.href = `${column.dataset.new}T${encodeURIComponent(time)}`;
    });
  }
}

function keepFormTogether() {
  const form = document.querySelector(".event-form");
  const allDay = form && form.elements.all_day;
  if (!allDay) return;
  const fields = form.elements;
  const moment = (name) => new Date(`${fields[`${name}_date`].value}T${fields[`${name}_time`].value || "00:00"}Z`);
  const tell = (name, value) => {
    const text = value.toISOString();
    fields[`${name}_date`].value = text.slice(0, 10);
    fields[`${name}_time`].value = text.slice(11, 16);
  };
  let length = moment("end") - moment("start");
  const moveEnd = () => {
    const start = moment("start");
    if (!Number.isNaN(start.getTime()) && length >= 0) tell("end", new Date(start.getTime() + length));
  };
  const measure = () => { length = moment("end") - moment("start"); };
  const toggle = () => {
    for (const field of form.querySelectorAll(".timed")) field.hidden = allDay.checked;
  };
  fields.start_date.addEventListener("change", moveEnd);
  fields.start_time.addEventListener("change", moveEnd);
  fields.end_date.addEventListener("change", measure);
  fields.end_time.addEventListener("change", measure);
  allDay.addEventListener("change", toggle);
  toggle();
}

function keepRepeatTogether() {
  const repeat = document.getElementById("repeat");
  if (!repeat) return;
  const ends = document.getElementById("repeat_ends");
  const toggle = () => {
    for (const field of document.querySelectorAll(".repeating")) field.hidden = !repeat.value;
    for (const field of document.querySelectorAll("[data-repeats]")) {
      field.hidden = !field.dataset.repeats.split(" ").includes(repeat.value);
    }
    for (const kind of ["endDate", "numbered"]) {
      document.querySelector(`.ends-${kind}`).hidden = !repeat.value || ends.value !== kind;
    }
  };
  repeat.addEventListener("change", toggle);
  ends.addEventListener("change", toggle);
  toggle();
}

function showWhatFaultsNeed() {
  const kind = document.getElementById("kind");
  if (!kind) return;
  const toggle = () => {
    for (const name of ["latency", "throttle", "server_error"]) {
      document.querySelector(`.for-${name}`).hidden = kind.value !== name;
    }
  };
  kind.addEventListener("change", toggle);
  toggle();
}

function watch() {
  const { live, version, versionUrl } = document.body.dataset;
  if (live !== "yes") return;
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(versionUrl).catch(() => null);
    if (!answer || !answer.ok || (await answer.text()) === version) return;
    const address = new URL(location.href);
    address.searchParams.delete("done");
    address.searchParams.delete("mailed");
    location.replace(address);
  };
  setInterval(look, WATCH_EVERY);
}

showWorkingHours();
makeEventsWhereClicked();
keepFormTogether();
keepRepeatTogether();
showWhatFaultsNeed();
watch();
