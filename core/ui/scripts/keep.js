// What a device keeps for the person in front of it: the pages that they read, what they write.
// Pages for somebody signed in load it. Everything works without it.
import "./device.js";
import "./draft.js";
import "./install.js";
