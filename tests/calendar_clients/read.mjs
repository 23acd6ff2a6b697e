// Prints the UID, start and status of every event of a calendar file, as ical.js reads them.
import { readFileSync } from "node:fs"
import ICAL from "ical.js"

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")))
const events = calendar.getAllSubcomponents("vevent").map(component => {
  const event = new ICAL.Event(component)
  return [event.uid, event.startDate.toJSDate().toISOString(), component.getFirstPropertyValue("status"), event.summary]
})
console.log(JSON.stringify(events))
