package people

import "preau/core/school"

// The addresses of the directory.
func personPath(id school.ID) string { return "/people/person/" + id.String() }
func classPath(id school.ID) string  { return "/people/class/" + id.String() }
func schoolPath(id school.ID) string { return "/people/school/" + id.String() }
