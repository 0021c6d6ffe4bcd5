// Package alert is the urgent notices of a school: what its head, somebody to whom the head
// lent it, or the commune for its own services tells families and the team at once, at any
// hour, by every way there is to them. A notice is on every page of those whom it is for
// until they say that they have read it, or it is over; it is corrected, or ended, by telling
// the same people. The head has the list of whom nothing reached, to telephone.
//
// It owns the tables alert_alert, a notice in one school, alert_notice, each thing that it
// said, and alert_call, who was told by telephone. How a notice leaves, and whom it reached,
// is core/notify's; to whom it is addressed, and who has read it, core/audience's. Pupils
// are told nothing.
package alert
