package web

// Token is that of the session cookie, for the pages that close or renew the
// session. It may open nothing.
func (r *Request) Token() string { return r.token }
