package account

import "github.com/mileusna/useragent"

// BrowserOf tells the family of a browser and the system it runs on, as far as
// its User-Agent says: "Firefox", "Android". Either may be empty.
func BrowserOf(agent string) (browser, system string) {
	told := useragent.Parse(agent)
	if told.Bot || told.IsUnknown() || !told.Desktop && !told.Mobile && !told.Tablet {
		return "", ""
	}
	return told.Name, told.OS
}
