package file

import "net/http"

// AnnouncedName is what a request says of a file that is to come.
func AnnouncedName(metadata string) (folders, name string, err error) {
	u, err := announced(http.Header{"Upload-Length": {"1"}, "Upload-Metadata": {metadata}})
	return u.Folders, u.Name, err
}
