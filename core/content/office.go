package content

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"path"
	"strings"
	"unicode/utf16"
)

// compound is how a compound file of OLE begins ([MS-CFB] § 2.2).
const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// maxOld is how much of an old document is looked at, for programs.
const maxOld = 32 << 20

// Office is what a document of an office suite is.
type Office struct {
	Type, Ending string
	Macros       bool // it holds programs
	Encrypted    bool
	family       Family
}

// openDocuments are the endings of OpenDocument, by what the member "mimetype" says (OASIS
// OpenDocument 1.3, part 2 § 3.3).
var openDocuments = map[string]string{
	"application/vnd.oasis.opendocument.text":                  ".odt",
	"application/vnd.oasis.opendocument.text-template":         ".ott",
	"application/vnd.oasis.opendocument.spreadsheet":           ".ods",
	"application/vnd.oasis.opendocument.spreadsheet-template":  ".ots",
	"application/vnd.oasis.opendocument.presentation":          ".odp",
	"application/vnd.oasis.opendocument.presentation-template": ".otp",
	"application/vnd.oasis.opendocument.graphics":              ".odg",
}

// mainParts are the kinds of Office Open XML, by the type of their main part (ECMA-376 part 1
// § 11.3, 12.3 and 13.3; [MS-OFFMACRO2] § 2.2 of those with macros).
var mainParts = []struct {
	part string
	is   Office
}{
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", Office{Type: typeDOCX, Ending: ".docx", family: Document}},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", Office{Type: typeDOCX, Ending: ".docx", family: Document}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", Office{Type: typeXLSX, Ending: ".xlsx", family: Sheet}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", Office{Type: typeXLSX, Ending: ".xlsx", family: Sheet}},
	{"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", Office{Type: typePPTX, Ending: ".pptx", family: Slides}},
	{"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml", Office{Type: typePPTX, Ending: ".pptx", family: Slides}},
	{"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml", Office{Type: typePPTX, Ending: ".pptx", family: Slides}},
	{"application/vnd.ms-word.document.macroEnabled.main+xml", Office{"application/vnd.ms-word.document.macroEnabled.12", ".docm", true, false, Document}},
	{"application/vnd.ms-word.template.macroEnabledTemplate.main+xml", Office{"application/vnd.ms-word.template.macroEnabled.12", ".dotm", true, false, Document}},
	{"application/vnd.ms-excel.sheet.macroEnabled.main+xml", Office{"application/vnd.ms-excel.sheet.macroEnabled.12", ".xlsm", true, false, Sheet}},
	{"application/vnd.ms-excel.template.macroEnabled.main+xml", Office{"application/vnd.ms-excel.template.macroEnabled.12", ".xltm", true, false, Sheet}},
	{"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", Office{"application/vnd.ms-powerpoint.presentation.macroEnabled.12", ".pptm", true, false, Slides}},
	{"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml", Office{"application/vnd.ms-powerpoint.slideshow.macroEnabled.12", ".ppsm", true, false, Slides}},
}

// OfficeOf tells which document of an office suite an archive is, and false where it is none.
func OfficeOf(archive *zip.Reader) (Office, bool) {
	is, found := Office{}, false
	if first := archive.File; len(first) > 0 && first[0].Name == "mimetype" {
		of, _ := Member(archive, "mimetype")
		ending, known := openDocuments[of]
		if !known {
			return Office{}, false
		}
		manifest, err := Member(archive, "META-INF/manifest.xml")
		if err != nil {
			return Office{}, false
		}
		is, found = Office{Type: of, Ending: ending, Encrypted: strings.Contains(manifest, "encryption-data"), family: kinds[of].family}, true
	} else if types, err := Member(archive, "[Content_Types].xml"); err == nil {
		for _, p := range mainParts {
			if strings.Contains(types, `"`+p.part+`"`) {
				is, found = p.is, true
				break
			}
		}
		is.Macros = is.Macros || strings.Contains(types, "macroEnabled") || strings.Contains(types, "vbaProject")
	}
	if !found {
		return Office{}, false
	}
	for _, f := range archive.File {
		is.Macros = is.Macros || Runs(f.Name)
	}
	return is, true
}

// Runs tells whether a member of a document is a program: of Office Open XML, of OpenDocument (whose
// folders of macros are Basic and Scripts), or of a system.
func Runs(name string) bool {
	lower := strings.ToLower(name)
	base := path.Base(lower)
	switch {
	case base == "vbaproject.bin", base == "vbadata.xml", strings.HasPrefix(base, "activex") && strings.HasSuffix(base, ".bin"):
		return true
	case strings.HasPrefix(lower, "basic/"), strings.HasPrefix(lower, "scripts/"):
		return true
	}
	switch path.Ext(base) {
	case ".exe", ".dll", ".js", ".vbs", ".class", ".jar":
		return true
	}
	return false
}

// olds are the documents of before 2007, by their names: mimetype tells most by what they hold.
var olds = map[string]string{
	".doc": "application/msword", ".dot": "application/msword",
	".xls": "application/vnd.ms-excel", ".xlt": "application/vnd.ms-excel",
	".ppt": "application/vnd.ms-powerpoint", ".pps": "application/vnd.ms-powerpoint",
}

// old tells what a compound file is: of a document of today that is encrypted, the package that is
// in it ([MS-OFFCRYPTO] § 2.3.4.4) is all that can be seen.
func (s *source) old(look Look, ending string) Look {
	entries := s.part((int64(binary.LittleEndian.Uint32(append(s.part(48, 4), make([]byte, 4)...)))+1)*512, 4096)
	if bytes.Contains(entries, wide("EncryptedPackage")) {
		return Look{Type: "application/x-ole-storage", Ending: "", Family: Document, Closed: true}
	}
	if look.Type == "application/x-ole-storage" {
		if of, known := olds[ending]; known {
			look.Type, look.Ending, look.Family = of, ending, kinds[of].family
		}
	}
	project := wide("_VBA_PROJECT")
	for at := int64(0); at < min(s.size, maxOld) && !look.Macros; at += edge {
		look.Macros = bytes.Contains(s.part(at, edge+int64(len(project))), project)
	}
	return look
}

// wide is a name as a compound file writes it.
func wide(name string) (b []byte) {
	for _, c := range utf16.Encode([]rune(name)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}
