package portal

import "preau/core/web"

// accessibility is the statement that article 47 of the law of 11 February
// 2005 asks for, in the form of the RGAA.
func (p *Portal) accessibility(r *web.Request) (web.Answer, error) {
	return web.Page{Title: r.Say("portal.accessibility"), Body: accessibilityPage()}, nil
}

// legal is what articles 5 and 8 of the arrêté of 30 November 2006, and articles 13
// and 14 of the GDPR ask to tell.
func (p *Portal) legal(r *web.Request) (web.Answer, error) {
	return web.Page{Title: r.Say("portal.legal-title"), Body: legalPage()}, nil
}

// What is done for accessibility, and what is not yet.
var (
	accessibilityDone = []string{
		"portal.accessibility-axe", "portal.accessibility-keyboard", "portal.accessibility-script",
		"portal.accessibility-contrast", "portal.accessibility-child",
	}
	accessibilityLeft = []string{"portal.accessibility-audit", "portal.accessibility-readers", "portal.accessibility-voices"}
)

// legalPart is a paragraph of the page on data and rights.
type legalPart struct {
	title      string
	texts      []string
	link, href string // to read more; optional
}

var legalParts = []legalPart{
	{
		title: "portal.legal-base", texts: []string{"portal.legal-base-text"},
		link: "portal.legal-decree", href: "https://www.legifrance.gouv.fr/eli/arrete/2006/11/30/MENT0602397A/jo/texte",
	},
	{title: "portal.legal-who", texts: []string{"portal.legal-who-text"}},
	{title: "portal.legal-data", texts: []string{
		"portal.legal-pupils", "portal.legal-families", "portal.legal-staff", "portal.legal-accounts", "portal.legal-never",
	}},
	{title: "portal.legal-seen", texts: []string{"portal.legal-seen-text"}},
	{title: "portal.legal-kept", texts: []string{"portal.legal-kept-text"}},
	{title: "portal.legal-cookies", texts: []string{"portal.legal-cookies-text"}},
	{
		title: "portal.legal-rights", texts: []string{"portal.legal-rights-text", "portal.legal-write-text", "portal.legal-cnil-text"},
		link: "portal.legal-cnil", href: "https://www.cnil.fr/fr/plaintes",
	},
}
