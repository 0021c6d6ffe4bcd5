package ui

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
)

// Icon names a line drawing of the Lucide family (ISC licence), shown in the
// colour of the text. It says nothing by itself: a word always stands beside
// it. The empty Icon draws nothing.
type Icon string

// The icons.
const (
	IconAccessibility Icon = "accessibility"
	IconAlert         Icon = "triangle-alert"
	IconArchive       Icon = "file-archive"
	IconBack          Icon = "arrow-left"
	IconBackpack      Icon = "backpack"
	IconBell          Icon = "bell"
	IconBlog          Icon = "notebook-pen"
	IconBold          Icon = "bold"
	IconBook          Icon = "book-open"
	IconBullets       Icon = "list"
	IconCalendar      Icon = "calendar-days"
	IconCamera        Icon = "camera"
	IconChart         Icon = "chart-column"
	IconCheck         Icon = "check"
	IconChecks        Icon = "list-checks"
	IconClass         Icon = "users"
	IconClipboard     Icon = "clipboard-list"
	IconClock         Icon = "clock"
	IconClose         Icon = "x"
	IconCopy          Icon = "copy"
	IconDone          Icon = "circle-check"
	IconDown          Icon = "chevron-down"
	IconDownload      Icon = "download"
	IconEar           Icon = "ear"
	IconEdit          Icon = "pencil"
	IconFile          Icon = "file-text"
	IconFilm          Icon = "film"
	IconFolder        Icon = "folder"
	IconFolderNew     Icon = "folder-plus"
	IconForm          Icon = "clipboard-check"
	IconForward       Icon = "arrow-right"
	IconHelp          Icon = "circle-question-mark"
	IconHide          Icon = "eye-off"
	IconHistory       Icon = "history"
	IconHome          Icon = "house"
	IconImage         Icon = "image"
	IconInbox         Icon = "inbox"
	IconInfo          Icon = "info"
	IconItalic        Icon = "italic"
	IconKey           Icon = "key-round"
	IconLink          Icon = "link"
	IconLogIn         Icon = "log-in"
	IconLogOut        Icon = "log-out"
	IconMail          Icon = "mail"
	IconMeal          Icon = "utensils"
	IconMessage       Icon = "message-circle"
	IconMicrophone    Icon = "mic"
	IconMove          Icon = "folder-input"
	IconMusic         Icon = "music"
	IconNews          Icon = "newspaper"
	IconNext          Icon = "chevron-right"
	IconNo            Icon = "circle-x"
	IconNumbers       Icon = "list-ordered"
	IconOffice        Icon = "landmark"
	IconPalette       Icon = "palette"
	IconPause         Icon = "pause"
	IconPerson        Icon = "user-round"
	IconPersonAdd     Icon = "user-plus"
	IconPersonCheck   Icon = "user-check"
	IconPhone         Icon = "phone"
	IconPlace         Icon = "map-pin"
	IconPlay          Icon = "play"
	IconPlus          Icon = "plus"
	IconPrevious      Icon = "chevron-left"
	IconPrint         Icon = "printer"
	IconPupils        Icon = "graduation-cap"
	IconRemove        Icon = "trash-2"
	IconSchool        Icon = "school"
	IconSearch        Icon = "search"
	IconSettings      Icon = "settings"
	IconShield        Icon = "shield-check"
	IconShow          Icon = "eye"
	IconSign          Icon = "signature"
	IconSlides        Icon = "presentation"
	IconSound         Icon = "volume-2"
	IconStar          Icon = "star"
	IconStop          Icon = "octagon-alert"
	IconSupport       Icon = "life-buoy"
	IconSwitch        Icon = "repeat"
	IconTable         Icon = "table-2"
	IconTiles         Icon = "layout-grid"
	IconTown          Icon = "building-2"
	IconUndo          Icon = "undo-2"
	IconUp            Icon = "chevron-up"
	IconUpload        Icon = "upload"
	IconWeb           Icon = "globe"
)

//go:embed icons/*.svg
var icons embed.FS

// spriteName is the one file that holds every icon as a symbol.
const spriteName = "icons.svg"

// Known tells whether the icon is in the sprite, so that a service that
// names another one is refused at start.
func (i Icon) Known() bool {
	_, err := icons.ReadFile("icons/" + string(i) + ".svg")
	return err == nil
}

// leads tells whether the drawing leads onwards or back along the line: the one is the
// other where one reads from the right.
func (i Icon) leads() bool {
	switch i {
	case IconBack, IconForward, IconNext, IconPrevious, IconUndo, IconLogIn, IconLogOut, IconBullets:
		return true
	}
	return false
}

func (i Icon) href() string { return URL(spriteName) + "#" + string(i) }

var drawing = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

// sprite gathers the drawings into one file whose symbols a page uses by
// name; an external use keeps the page small and obeys img-src 'self'.
func sprite() ([]byte, error) {
	files, err := icons.ReadDir("icons")
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, file := range files {
		svg, err := icons.ReadFile("icons/" + file.Name())
		if err != nil {
			return nil, err
		}
		found := drawing.FindSubmatch(svg)
		if found == nil {
			return nil, fmt.Errorf("ui: %s is not an svg", file.Name())
		}
		fmt.Fprintf(&out, `<symbol id="%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">%s</symbol>`,
			strings.TrimSuffix(file.Name(), ".svg"), strings.Join(strings.Fields(string(found[1])), " "))
	}
	out.WriteString(`</svg>`)
	return []byte(out.String()), nil
}
