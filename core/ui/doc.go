// Package ui is the design system of the portal: the layout of every page,
// the components that pages are made of, and the assets that browsers load.
// No other package has markup of its own beyond plain HTML, nor a stylesheet.
//
// Two kinds of components. What holds nothing is a struct of plain fields,
// written with its braces in a templ page:
//
//	@ui.Field{Name: "login", Label: i18n.Say(ctx, "account.login")}
//
// What holds other things is a function with children:
//
//	@ui.Section(i18n.Say(ctx, "portal.my-classes"), ui.Link{}) {
//		…
//	}
//
// Texts arrive already said in the language of the reader; the few that
// belong to the components themselves are in words/.
//
// Pages hold no inline style and no inline script, so that the strictest
// content security policy applies. A school's or a child's colour is an
// [Accent], which is a class. Every component has its states on one page,
// [Gallery].
//
// Browsers: Safari 15.4, Chrome 99 and Firefox 97 get the design, which is
// every tablet of 2016 that receives its updates. Older ones do not know
// cascade layers, ignore the whole stylesheet and show the plain document,
// which stays usable because the markup is in reading order, images and icons
// carry their sizes, and nothing needs a script.
package ui
