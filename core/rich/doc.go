// Package rich is what people write with a little form: paragraphs, lists,
// bold letters, links. A [Text] is safe to show wherever it comes from: it is
// made by [Parse], of what a form sent, or by [Load], of what was stored.
//
// The stored form is HTML of a few elements, in one way of writing each thing:
//
//	p h3 blockquote ul ol li br strong em u a[href]
//
// The field that sends it is ui.RichField, which shows a text too (ui.Rich);
// where it is stored, and who may read it, is the business of each room.
package rich
