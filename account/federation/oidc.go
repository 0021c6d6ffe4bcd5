package federation

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"preau/core/db"
	"preau/core/web"
)

// callbackPath is where a provider sends the browser back.
const callbackPath = "/login/oidc/callback"

// relying is what we are for an OpenID provider.
func (s *Service) relying(r *web.Request, p Provider, d oidc.ProviderConfig) (oauth2.Config, error) {
	secret, err := s.Key.Open(sealedSecret, p.sealed, []byte(p.Name))
	if err != nil {
		return oauth2.Config{}, err
	}
	scopes := append([]string{oidc.ScopeOpenID}, p.Scopes...)
	return oauth2.Config{
		ClientID: p.ClientID, ClientSecret: string(secret),
		Endpoint:    oauth2.Endpoint{AuthURL: d.AuthURL, TokenURL: d.TokenURL},
		RedirectURL: r.Absolute(callbackPath), Scopes: slices.Compact(scopes),
	}, nil
}

// leaveOIDC sends the browser to the provider: the code flow with a state, a
// nonce (OpenID Connect Core §3.1.2.1) and PKCE by S256 (RFC 7636 §4.2).
func (s *Service) leaveOIDC(r *web.Request) (web.Answer, error) {
	p, err := s.asked(r, OIDC)
	if err != nil {
		return nil, err
	}
	d, err := p.discovery()
	if err != nil {
		return nil, err
	}
	client, err := s.relying(r, p, d)
	if err != nil {
		return nil, err
	}
	state, nonce, verifier := secret(), secret(), oauth2.GenerateVerifier()
	to := client.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	return s.leave(r, state, errand{Provider: p.Name, Request: nonce, Verifier: verifier}, to)
}

// callback takes the code that a provider sent the browser back with. The
// state finds the try, once, and the browser must be the one that left (RFC
// 6749 §10.12).
func (s *Service) callback(r *web.Request) (web.Answer, error) {
	asked := r.URL.Query()
	var e errand
	var p Provider
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if e, err = s.take(tx, asked.Get("state")); err != nil {
			return err
		}
		p, err = voucher(tx, e.Provider)
		return err
	})
	if err != nil {
		return nil, err
	}
	switch {
	case p.Protocol != OIDC || subtle.ConstantTimeCompare(e.Browser, hashed(r.Errand())) != 1:
		return nil, refused("another browser left for %s", p.Name)
	case asked.Has("error"):
		return nil, refused("%s answers the error %.40q", p.Name, asked.Get("error"))
	case asked.Has("iss") && asked.Get("iss") != p.Issuer: // RFC 9207 §2.4
		return nil, refused("an answer of another than %s", p.Name)
	}
	said, err := s.redeem(r, p, e, asked.Get("code"))
	if err != nil {
		return nil, refused("the code of %s: %w", p.Name, err)
	}
	return s.vouched(r, p, e, said, "", func(*db.Tx) error { return nil }) // a code is the provider's to use once
}

// redeem changes a code for what the provider says of whoever was there (OpenID
// Connect Core §3.1.3): of the ID token, and of the userinfo for what the token
// lacks.
func (s *Service) redeem(r *web.Request, p Provider, e errand, code string) (statements, error) {
	d, err := p.discovery()
	if err != nil {
		return nil, err
	}
	client, err := s.relying(r, p, d)
	if err != nil {
		return nil, err
	}
	ctx := oidc.ClientContext(r.Context(), s.client())
	tokens, err := client.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	if err != nil {
		var answer *oauth2.RetrieveError
		if errors.As(err, &answer) { // its own words hold the body
			err = fmt.Errorf("the provider answers %d %.40q", answer.Response.StatusCode, answer.ErrorCode)
		}
		return nil, err
	}
	raw, _ := tokens.Extra("id_token").(string)
	provider := d.NewProvider(ctx)
	token, err := provider.VerifierContext(ctx, &oidc.Config{
		ClientID: p.ClientID, SupportedSigningAlgs: d.Algorithms, Now: s.DB.Now,
	}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return nil, err
	}
	if err := s.accept(token, claims, p, e, tokens.AccessToken); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(p.Attributes, func(name string) bool { return claims[name] == nil }) && d.UserInfoURL != "" {
		if err := complete(ctx, provider, tokens, token.Subject, claims); err != nil {
			return nil, err
		}
	}
	return claimsOf(claims), nil
}

// accept checks an ID token whose signature, issuer, audience and end hold, as
// OpenID Connect Core §3.1.3.7 and §3.1.3.8 ask beside.
func (s *Service) accept(token *oidc.IDToken, claims map[string]any, p Provider, e errand, access string) error {
	switch party, has := claims["azp"]; {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(e.Request)) != 1:
		return errors.New("an ID token for another try")
	case has && party != p.ClientID, !has && len(token.Audience) > 1:
		return errors.New("an ID token for another client")
	case token.Subject == "":
		return errors.New("an ID token about nobody")
	case token.IssuedAt.After(s.DB.Now().Add(skew)):
		return errors.New("an ID token of the future")
	case token.AccessTokenHash != "":
		return token.VerifyAccessToken(access)
	}
	return nil
}

// complete adds what the userinfo says to the claims that the ID token lacks
// (OpenID Connect Core §5.3.2: of the same subject, or of nobody).
func complete(ctx context.Context, provider *oidc.Provider, tokens *oauth2.Token, subject string, claims map[string]any) error {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return err
	}
	if info.Subject != subject {
		return errors.New("the userinfo of somebody else")
	}
	var more map[string]any
	if err := info.Claims(&more); err != nil {
		return err
	}
	for name, value := range more {
		if _, has := claims[name]; !has {
			claims[name] = value
		}
	}
	return nil
}

// claimsOf gathers the claims that are texts, or lists of texts. A mail that
// the provider says it has not verified (OpenID Connect Core §5.1) is left out.
func claimsOf(claims map[string]any) statements {
	said := statements{}
	add := func(name string, value any) {
		text, _ := value.(string)
		if text = strings.TrimSpace(text); text != "" && len(text) <= maxValue && len(said[name]) < maxValues {
			said[name] = append(said[name], text)
		}
	}
	for name, value := range claims {
		if list, many := value.([]any); many {
			for _, one := range list {
				add(name, one)
			}
		} else {
			add(name, value)
		}
	}
	if verified, told := claims["email_verified"]; told && verified != true && verified != "true" {
		delete(said, "email")
	}
	return said
}
