package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"syscall"
	"time"
)

// phases are what each server is asked for in every round, in this order: the first ones find it cold.
var phases = []string{"churn 1000", "churn 4000", "fill 2000", "refresh 15000", "churn 10000", "refresh 20000", "churn 10000"}

const vl3Config = `nsm:
  listenOn: %s
state:
  directory: %s
endpoints:
- name: vl3
  nseName: bench
  vl3:
    ipam:
      defaultPrefixPool: 10.60.0.0/16
      prefixLength: 17
`

// bench runs our endpoint as it is shipped, and the SDK's or ours unwatched, in turn, under the same load.
type bench struct {
	launcher *string
	rounds   *int
	callers  *int
	options  *string
	watched  *string
	beside   *string
	scrape   *string
	spans    *string
	folder   string
}

// served is a server under load.
type served struct {
	process *exec.Cmd
	url     *url.URL
	started time.Duration
	watched bool
}

// benchPart prints a table: for every phase both servers' medians over the rounds, and the ratio of their processor time.
func benchPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	b := &bench{
		launcher: flags.String("vl3", "../../../../vl3-cli/bin/vl3", "the launcher of our endpoint"),
		rounds:   flags.Int("rounds", 3, "how often each server is started and measured"),
		callers:  flags.Int("callers", 16, "how many ask at a time"),
		options:  flags.String("java-options", "", "more options for our JVM"),
		watched: flags.String("watched", "",
			"more lines of our configuration: ours with them, scraped each second, is measured beside ours without, instead of the SDK's"),
		beside: flags.String("beside", "", "with -watched: another launcher for ours without"),
		scrape: flags.String("scrape", "http://127.0.0.1:9190/metrics", "with -watched: what is fetched each second"),
		spans:  flags.String("spans", "127.0.0.1:4317", "with -watched: where spans are taken over OTLP"),
	}
	return func(ctx context.Context, lines *lines) error {
		folder, err := os.MkdirTemp("", "bench-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder) }()
		b.folder = folder
		ours, theirs := map[string][]*phase{}, map[string][]*phase{}
		start, names := b.startSDK, [2]string{"SDK", "vl3"}
		if *b.watched != "" {
			start, names = b.startPlain, [2]string{"plain", "watched"}
			spans, err := takeSpans(*b.spans)
			if err != nil {
				return err
			}
			defer spans.end()
		}
		var starts []float64
		for round := 0; round < *b.rounds; round++ {
			if _, err := b.measure(ctx, security, start, theirs); err != nil {
				return err
			}
			took, err := b.measure(ctx, security, b.startVL3, ours)
			if err != nil {
				return err
			}
			starts = append(starts, took.Seconds())
		}
		b.print(names, ours, theirs, starts)
		lines.event("ready", "", nil)
		return nil
	}
}

func (b *bench) measure(
	ctx context.Context, security *security, start func() (*served, error), into map[string][]*phase,
) (time.Duration, error) {
	server, err := start()
	if err != nil {
		return 0, err
	}
	defer server.end()
	service, pid := "vl3", server.process.Process.Pid
	l := &load{service: &service, callers: b.callers, pid: &pid}
	if err := l.open(ctx, server.url, security); err != nil {
		return 0, err
	}
	defer l.hangUp()
	scraping, end := context.WithCancel(ctx)
	defer end()
	if server.watched {
		go b.scrapeEachSecond(scraping)
	}
	for i, text := range phases {
		done, err := l.run(ctx, text)
		if err != nil {
			return 0, err
		}
		key := fmt.Sprint(i, " ", text)
		into[key] = append(into[key], done)
	}
	return server.started, nil
}

func (b *bench) startSDK() (*served, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return b.start("sdk.sock", exec.Command(self, "bare", "-listen", "unix://"+filepath.Join(b.folder, "sdk.sock")))
}

func (b *bench) startVL3() (*served, error) {
	server, err := b.startOurs(*b.launcher, *b.watched)
	if err == nil {
		server.watched = *b.watched != ""
	}
	return server, err
}

// startPlain starts ours without what watches it.
func (b *bench) startPlain() (*served, error) {
	if *b.beside != "" {
		return b.startOurs(*b.beside, "")
	}
	return b.startOurs(*b.launcher, "")
}

func (b *bench) scrapeEachSecond(ctx context.Context) {
	for ctx.Err() == nil {
		if answer, err := http.Get(*b.scrape); err != nil {
			fmt.Fprintln(os.Stderr, "bench: scrape:", err)
		} else {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (b *bench) startOurs(launcher, more string) (*served, error) {
	launcher, err := filepath.Abs(launcher)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(b.folder, "vl3.yaml")
	text := fmt.Sprintf(vl3Config, "unix://"+filepath.Join(b.folder, "vl3.sock"), b.folder) + more + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	command := exec.Command(launcher, "run", "--config", config)
	command.Env = append(os.Environ(), "VL3_JAVA_OPTS="+*b.options)
	return b.start("vl3.sock", command)
}

// start waits for the first line that the server prints: both print one once they serve.
func (b *bench) start(socket string, command *exec.Cmd) (*served, error) {
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if _, err := command.StdinPipe(); err != nil { // open for as long as the server shall live
		return nil, err
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "ready") || strings.Contains(lines.Text(), "registered") {
			took := time.Since(began)
			go func() { // nobody reads on, and the server shall not wait for that
				for lines.Scan() {
				}
			}()
			at, err := url.Parse("unix://" + filepath.Join(b.folder, socket))
			return &served{process: command, url: at, started: took}, err
		}
	}
	return nil, fmt.Errorf("%s: ended before it served", command.Path)
}

func (s *served) end() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
}

func (b *bench) print(names [2]string, ours, theirs map[string][]*phase, starts []float64) {
	out := os.Stdout
	fmt.Fprintf(out, "%d rounds in turn, %d callers, %d processors, %s; commit %s; start to registered %.2f s (median)\n\n",
		*b.rounds, *b.callers, runtime.NumCPU(), runtime.Version(), commit(), middle(starts))
	a, o := names[0], names[1]
	fmt.Fprintf(out, "| phase | %s us | %s us | %s / %s | %s ops/s | %s ops/s | %s p99 ms | %s p99 ms | %s MiB | %s MiB |\n",
		a, o, a, o, a, o, a, o, a, o)
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|")
	for i, text := range phases {
		key := fmt.Sprint(i, " ", text)
		t, o := median(theirs[key]), median(ours[key])
		fmt.Fprintf(out, "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f |\n", text,
			t.CPUMicros, o.CPUMicros, t.CPUMicros/o.CPUMicros, t.rate(), o.rate(), t.P99Ms, o.P99Ms, t.RSSMiB, o.RSSMiB)
	}
}

func commit() string {
	hash, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(hash))
}

// median is the median of each figure by itself.
func median(runs []*phase) *phase {
	of := func(figure func(*phase) float64) float64 {
		var all []float64
		for _, run := range runs {
			all = append(all, figure(run))
		}
		return middle(all)
	}
	return &phase{
		Operations: runs[0].Operations,
		Seconds:    of(func(p *phase) float64 { return p.Seconds }),
		P99Ms:      of(func(p *phase) float64 { return p.P99Ms }),
		CPUMicros:  of(func(p *phase) float64 { return p.CPUMicros }),
		RSSMiB:     of(func(p *phase) float64 { return p.RSSMiB }),
	}
}

func middle(all []float64) float64 {
	sort.Float64s(all)
	return all[len(all)/2]
}

func (p *phase) rate() float64 {
	return float64(p.Operations) / p.Seconds
}
