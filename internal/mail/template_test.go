package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func load(t *testing.T, files map[string]string, locale string) (*Templates, error) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return LoadTemplates(folder, locale)
}

func render(t *testing.T, files map[string]string, locale, wanted string) Mail {
	t.Helper()
	templates, err := load(t, files, locale)
	if err != nil {
		t.Fatal(err)
	}
	m, err := templates.Render("sendResetPassword", wanted, Sample("sendResetPassword"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Every message has both forms, says what the application is called, and shows
// its link, or the code that it sends, in both.
func TestBuiltInTemplates(t *testing.T) {
	templates, err := LoadTemplates("", "")
	if err != nil {
		t.Fatal(err)
	}
	events := templates.Events()
	if len(events) < 6 {
		t.Errorf("only %q", events)
	}
	for _, event := range events {
		v := Sample(event)
		v.AppName = "Fish & Chips"
		m, err := templates.Render(event, "fr, de;q=0.5", v)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Subject, "Fish & Chips") || !strings.Contains(m.Text, "Fish & Chips") || !strings.Contains(m.HTML, "Fish &amp; Chips") {
			t.Errorf("%s does not name the application: %+v", event, m)
		}
		linked := strings.Contains(m.Text, "\n"+v.URL+"\n") && strings.Count(m.HTML, `href="`+v.URL+`"`) == 2
		coded := strings.Contains(m.Text, v.Code) && strings.Contains(m.HTML, v.Code) && !strings.Contains(m.HTML, "href=")
		if isCode := event == "sendOTP"; isCode && (v.Code == "" || !coded) || !isCode && strings.HasPrefix(event, "send") && !linked {
			t.Errorf("%s does not show its link or code: %+v", event, m)
		}
		if strings.Contains(m.Text, "<") || !strings.Contains(m.HTML, `<html lang="en">`) || strings.Contains(m.HTML, "<img") {
			t.Errorf("%s: %+v", event, m)
		}
	}
}

func TestTemplatesOfAFolderStandIn(t *testing.T) {
	m := render(t, map[string]string{
		"sendResetPassword.en.txt":  "Subject: Hi {{.User.name}}{{.User.company}}\n\nGo to {{.URL}} within {{.Minutes}} minutes.\n",
		"sendResetPassword.en.html": "<b>{{.User.name}}</b>",
		"layout.html":               `{{define "layout"}}[{{.Subject}}: {{template "content" .}}]{{end}}`,
		"README.md":                 "not a template",
	}, "", "")
	want := Mail{"Hi Ann Example", "Go to " + Sample("sendResetPassword").URL + " within 60 minutes.\n", "[Hi Ann Example: <b>Ann Example</b>]"}
	if m != want {
		t.Errorf("got %+v", m)
	}
}

func TestTheLanguageFits(t *testing.T) {
	files := map[string]string{
		"sendResetPassword.de.txt":    "Subject: Neues Passwort\n\n{{.URL}}",
		"sendResetPassword.pt-BR.txt": "Subject: Nova senha\n\n{{.URL}}",
	}
	for _, c := range []struct{ locale, wanted, subject string }{
		{"", "", "Choose a new password for Example"},
		{"", "fr-FR,fr;q=0.9", "Choose a new password for Example"},
		{"", "de-AT,de;q=0.9,en;q=0.8", "Neues Passwort"},
		{"", "fr, en;q=0.4, de;q=0.6", "Neues Passwort"},
		{"", "pt", "Nova senha"},
		{"de", "", "Neues Passwort"},
		{"de", "fr", "Neues Passwort"},
		{"de", "en-US", "Choose a new password for Example"},
		{"it", "", "Choose a new password for Example"},
		{"", "\x00;;q=nonsense", "Choose a new password for Example"},
	} {
		if m := render(t, files, c.locale, c.wanted); m.Subject != c.subject {
			t.Errorf("%q, %q: %q", c.locale, c.wanted, m.Subject)
		} else if strings.HasPrefix(m.Subject, "N") && m.HTML != "" {
			t.Errorf("%q has the HTML of another language", c.wanted)
		}
	}
}

func TestBrokenTemplatesAreRefused(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"sendResetPassword.en.txt:3:":                      {"sendResetPassword.en.txt": "Subject: x\n\n{{.URL"},
		"sendResetPassword.en.txt:2:2":                     {"sendResetPassword.en.txt": "Subject: x\n{{.Link}}"},
		"sendResetPassword.en.html:2:":                     {"sendResetPassword.en.html": "<p>\n{{end}}"},
		"sendResetPassword.en.html:1:2":                    {"sendResetPassword.en.html": "{{.Link}}"},
		"layout.html:1":                                    {"layout.html": "{{define}}"},
		"sendResetPassword.en.txt:1: the first line":       {"sendResetPassword.en.txt": "Hello"},
		"sendReset.en.txt: there is no message sendReset":  {"sendReset.en.txt": "Subject: x"},
		"must be called event.locale.txt":                  {"sendResetPassword.txt": "Subject: x"},
		"must be called event.locale.html":                 {"sendResetPassword.12.html": "x"},
		"needs a text beside it, sendResetPassword.de.txt": {"sendResetPassword.de.html": "x"},
	} {
		if _, err := load(t, files, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := LoadTemplates("/does/not/exist", ""); err == nil || !strings.Contains(err.Error(), "messaging.templates") {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := LoadTemplates("", "12"); err == nil || !strings.Contains(err.Error(), "messaging.locale") {
		t.Errorf("a bad locale: %v", err)
	}
}

// What people have given as their names cannot become markup or a script link.
func TestHTMLIsEscaped(t *testing.T) {
	templates, err := load(t, map[string]string{"sendResetPassword.en.html": `<b title="{{.User.name}}">{{.User.name}}</b><a href="{{.URL}}">x</a>`}, "")
	if err != nil {
		t.Fatal(err)
	}
	v := Sample("sendResetPassword")
	v.User["name"], v.URL = `"><script>`, "javascript:alert(1)"
	m, err := templates.Render("sendResetPassword", "", v)
	if err != nil || strings.Contains(m.HTML, "<script>") || strings.Contains(m.HTML, "javascript:") {
		t.Errorf("%s, %v", m.HTML, err)
	}
}

func TestDurations(t *testing.T) {
	for minutes, want := range map[int]string{0: "a moment", 1: "1 minute", 45: "45 minutes", 60: "1 hour", 90: "90 minutes", 120: "2 hours", 1440: "1 day", 10080: "7 days"} {
		if got := duration(minutes); got != want {
			t.Errorf("%d: %q", minutes, got)
		}
	}
}
