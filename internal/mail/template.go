package mail

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"os"
	"slices"
	"strings"
	texttemplate "text/template"

	"golang.org/x/text/language"
)

// builtin are the templates that come with the server. A message of another
// event is one pair of files more.
//
//go:embed templates
var builtin embed.FS

// layoutFile is what the HTML of every message stands in.
const layoutFile = "layout.html"

// defaultLocale is the language of the built-in templates.
const defaultLocale = "en"

// Mail is a message in words.
type Mail struct{ Subject, Text, HTML string }

// Templates turn messages into words: for each event and language a text, whose
// first line is the subject, and mostly a page of HTML.
type Templates struct {
	texts    map[string]*texttemplate.Template // by event.locale
	pages    map[string]*htmltemplate.Template
	locales  map[string][]language.Tag // of an event, the one to fall back on first
	fallback language.Tag
}

// LoadTemplates reads the built-in templates and those of a folder, which stand
// in for built-in ones of the same name. locale is the language for people who
// ask for none that there is. Each template is tried, so that what is broken is
// found at once.
func LoadTemplates(folder, locale string) (*Templates, error) {
	fallback, err := language.Parse(or(locale, defaultLocale))
	if err != nil {
		return nil, errors.New("messaging.locale must be a language tag such as en or pt-BR")
	}
	t := &Templates{
		texts: map[string]*texttemplate.Template{}, pages: map[string]*htmltemplate.Template{},
		locales: map[string][]language.Tag{}, fallback: fallback,
	}
	files, err := templateFiles(folder)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(files.names()) {
		if err := t.add(files, name); err != nil {
			return nil, err
		}
	}
	t.arrange()
	return t, t.try()
}

// templateSet is where each template file is to be read.
type templateSet map[string]templateFile

type templateFile struct {
	from fs.FS
	name string
	// shown is the path that errors name.
	shown string
}

func (s templateSet) names() func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range s {
			if !yield(name) {
				return
			}
		}
	}
}

func (s templateSet) text(name string) (string, error) {
	text, err := fs.ReadFile(s[name].from, s[name].name)
	return string(text), err
}

func templateFiles(folder string) (templateSet, error) {
	set := templateSet{}
	if err := set.collect(builtin, "templates", "built-in "); err != nil || folder == "" {
		return set, err
	}
	if err := set.collect(os.DirFS(folder), ".", strings.TrimSuffix(folder, "/")+"/"); err != nil {
		return nil, fmt.Errorf("messaging.templates %s: %w", folder, err)
	}
	return set, nil
}

// collect notes the templates in a folder; other files are left alone.
func (s templateSet) collect(from fs.FS, folder, shown string) error {
	entries, err := fs.ReadDir(from, folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && (strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, ".html")) {
			s[name] = templateFile{from, strings.TrimPrefix(folder+"/"+name, "./"), shown + name}
		}
	}
	return nil
}

// add parses one file: event.locale.txt or event.locale.html.
func (t *Templates) add(files templateSet, name string) error {
	if name == layoutFile {
		return nil
	}
	shown := files[name].shown
	key, kind, _ := cutLast(name)
	event, locale, found := cutLast(key)
	tag, err := language.Parse(locale)
	if !found || err != nil {
		return fmt.Errorf("%s must be called event.locale.%s, as in sendResetPassword.en.%s", shown, kind, kind)
	}
	if _, err := fs.Stat(builtin, "templates/"+event+"."+defaultLocale+".txt"); err != nil {
		return fmt.Errorf("%s: there is no message %s", shown, event)
	}
	text, err := files.text(name)
	if err != nil {
		return err
	}
	if kind == "html" {
		return t.addPage(files, key, shown, text)
	}
	t.locales[event] = append(t.locales[event], tag)
	t.texts[event+"."+tag.String()], err = texttemplate.New(shown).Funcs(functions).Option("missingkey=zero").Parse(text)
	return err
}

func (t *Templates) addPage(files templateSet, key, shown, text string) error {
	if _, there := files[key+".txt"]; !there {
		return fmt.Errorf("%s needs a text beside it, %s.txt", shown, key)
	}
	page, err := layout(files)
	if err != nil {
		return err
	}
	// The content is parsed under the file's name, so that errors show it.
	if _, err := page.New(shown).Parse(text); err != nil {
		return err
	}
	if _, err := page.AddParseTree("content", page.Lookup(shown).Tree); err != nil {
		return err
	}
	event, locale, _ := cutLast(key)
	tag := language.Make(locale)
	t.pages[event+"."+tag.String()] = page
	return nil
}

// layout parses the built-in layout and then that of the folder, which need not
// define everything anew.
func layout(files templateSet) (*htmltemplate.Template, error) {
	page, err := htmltemplate.New("layout").Funcs(functions).Option("missingkey=zero").ParseFS(builtin, "templates/"+layoutFile)
	if err != nil {
		return nil, err
	}
	text, err := files.text(layoutFile)
	if err != nil {
		return nil, err
	}
	_, err = page.New(files[layoutFile].shown).Parse(text)
	return page, err
}

// arrange puts the language to fall back on first: the configured one, else
// that of the built-in templates.
func (t *Templates) arrange() {
	for event, tags := range t.locales {
		i := slices.Index(tags, t.fallback)
		if i < 0 {
			i = slices.Index(tags, language.Make(defaultLocale))
		}
		first := tags[i]
		t.locales[event] = append([]language.Tag{first}, slices.Delete(tags, i, i+1)...)
	}
}

// try renders every template once.
func (t *Templates) try() error {
	for _, event := range t.Events() {
		for _, locale := range t.locales[event] {
			if _, err := t.render(event, locale, Sample(event)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Events are the messages that there are templates for.
func (t *Templates) Events() []string {
	events := make([]string, 0, len(t.locales))
	for event := range t.locales {
		events = append(events, event)
	}
	slices.Sort(events)
	return events
}

// ErrNoTemplate says that there are no words for an event.
var ErrNoTemplate = errors.New("there is no template for the message")

// Render puts a message in words, in the language that best fits wanted, the
// Accept-Language header of a browser or a language tag.
func (t *Templates) Render(event, wanted string, v View) (Mail, error) {
	tags := t.locales[event]
	if len(tags) == 0 {
		return Mail{}, fmt.Errorf("%w %s", ErrNoTemplate, event)
	}
	return t.render(event, choose(tags, wanted), v)
}

func (t *Templates) render(event string, locale language.Tag, v View) (Mail, error) {
	key := event + "." + locale.String()
	v.Locale = locale.String()
	var b strings.Builder
	if err := t.texts[key].Execute(&b, v); err != nil {
		return Mail{}, err
	}
	head, text, _ := strings.Cut(b.String(), "\n")
	subject, found := strings.CutPrefix(strings.TrimSpace(head), "Subject:")
	if !found {
		return Mail{}, fmt.Errorf("%s:1: the first line must be `Subject: ` and the subject", t.texts[key].Name())
	}
	m := Mail{Subject: strings.TrimSpace(subject), Text: strings.TrimLeft(text, "\r\n")}
	page := t.pages[key]
	if page == nil {
		return m, nil
	}
	b.Reset()
	v.Subject = m.Subject
	err := page.ExecuteTemplate(&b, "layout", v)
	m.HTML = b.String()
	return m, err
}

// choose picks the tag that fits best; the first where none fits.
func choose(tags []language.Tag, wanted string) language.Tag {
	asked, _, err := language.ParseAcceptLanguage(wanted)
	if err != nil || len(asked) == 0 {
		return tags[0]
	}
	_, i, _ := language.NewMatcher(tags).Match(asked...)
	return tags[i]
}

func cutLast(name string) (before, after string, found bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}
