package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
)

type identityKey struct{}

func withIdentity(ctx context.Context, i staff.Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, i)
}

func identityOf(ctx context.Context) (staff.Identity, bool) {
	i, ok := ctx.Value(identityKey{}).(staff.Identity)
	return i, ok
}

// Cookies. Browsers treat http://localhost as secure, so the prefix holds on loopback too.
const (
	SessionCookie  = "__Host-genbo"
	ceremonyCookie = "__Host-genbo-ceremony"
)

func secretCookie(name, value string, lifetime time.Duration) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(lifetime.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

func (c *Console) identify(r *http.Request) (staff.Identity, error) {
	cookie, err := r.Cookie(SessionCookie)
	if err != nil {
		return staff.Identity{}, genbo.ErrSignIn
	}
	return c.Directory.Authenticate(r.Context(), cookie.Value, c.Device(r))
}

type signInView struct {
	page.Frame
	Back   string
	Secret string
	Failed bool
}

func (c *Console) signInForm(w http.ResponseWriter, r *http.Request) {
	v := &signInView{Back: page.LocalPath(r.FormValue("back"))}
	v.Title = page.Say("signin.title")
	c.pages.Render(w, r, http.StatusOK, "signin", v)
}

// linkForm asks for a click, so that a program that follows links to look at them does not use the link up.
func (c *Console) linkForm(w http.ResponseWriter, r *http.Request) {
	v := &signInView{Secret: r.PathValue("secret")}
	v.Title = page.Say("signin.title")
	c.pages.Render(w, r, http.StatusOK, "link", v)
}

func (c *Console) linkSignIn(w http.ResponseWriter, r *http.Request) {
	session, err := c.Directory.SignInByLink(r.Context(), r.PostFormValue("secret"), c.Device(r))
	if errors.Is(err, genbo.ErrSignIn) {
		v := &signInView{Back: "/", Failed: true}
		v.Title = page.Say("signin.title")
		c.pages.Render(w, r, http.StatusUnauthorized, "signin", v)
		return
	}
	if err != nil {
		c.pages.Error(w, r, err)
		return
	}
	http.SetCookie(w, secretCookie(SessionCookie, session, staff.SessionLimit))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Directory.SignOut(r.Context(), i); err != nil {
		return err
	}
	http.SetCookie(w, secretCookie(SessionCookie, "", 0))
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
	return nil
}

// The passkey ceremonies speak JSON with static/passkey.js.

func (c *Console) passkeyBegin(w http.ResponseWriter, r *http.Request) {
	options, secret, err := c.Passkeys.BeginSignIn(r.Context())
	if err != nil {
		c.pages.Error(w, r, err)
		return
	}
	c.answerOptions(w, r, options, secret)
}

func (c *Console) passkeyFinish(w http.ResponseWriter, r *http.Request) {
	answer, secret, err := c.ceremony(w, r)
	if err == nil {
		var session string
		if session, err = c.Passkeys.FinishSignIn(r.Context(), secret, c.Device(r), answer); err == nil {
			http.SetCookie(w, secretCookie(SessionCookie, session, staff.SessionLimit))
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	c.pages.Error(w, r, err)
}

func (c *Console) passkeyAddBegin(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	options, secret, err := c.Passkeys.BeginRegistration(r.Context(), i)
	if err != nil {
		return err
	}
	c.answerOptions(w, r, options, secret)
	return nil
}

func (c *Console) passkeyAddFinish(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	answer, secret, err := c.ceremony(w, r)
	if err != nil {
		return err
	}
	label := fmt.Sprintf("%s %s", c.now().In(genbo.Japan).Format(time.DateOnly), i.Device)
	if err := c.Passkeys.FinishRegistration(r.Context(), i, secret, label, answer); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (c *Console) answerOptions(w http.ResponseWriter, r *http.Request, options any, secret string) {
	b, err := json.Marshal(options)
	if err != nil {
		c.pages.Error(w, r, err)
		return
	}
	http.SetCookie(w, secretCookie(ceremonyCookie, secret, 5*time.Minute))
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}

// ceremony reads the browser's answer and the secret of the ceremony that it answers.
func (c *Console) ceremony(w http.ResponseWriter, r *http.Request) (answer []byte, secret string, err error) {
	cookie, err := r.Cookie(ceremonyCookie)
	if err != nil {
		return nil, "", fmt.Errorf("no ceremony was begun: %w", genbo.ErrSignIn)
	}
	http.SetCookie(w, secretCookie(ceremonyCookie, "", 0))
	answer, err = io.ReadAll(r.Body)
	return answer, cookie.Value, err
}
