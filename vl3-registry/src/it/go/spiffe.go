package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"flag"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/spiffe/go-spiffe/v2/proto/spiffe/workload"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/networkservicemesh/sdk/pkg/tools/grpcutils"
)

// spiffePart is a SPIFFE Workload API with an authority of its own. Each workload has a socket:
// -workload PATH=SPIFFE-ID, repeated. The command "rotate" gives all of them new certificates.
func spiffePart(flags *flag.FlagSet) func(context.Context, *lines) error {
	lifetime := flags.Duration("lifetime", time.Hour, "how long a certificate lasts")
	var workloads []string
	flags.Func("workload", "PATH=SPIFFE-ID, repeated", func(text string) error {
		workloads = append(workloads, text)
		return nil
	})
	return func(ctx context.Context, lines *lines) error {
		authority, err := newAuthority(*lifetime)
		if err != nil {
			return err
		}
		for _, text := range workloads {
			path, id, found := strings.Cut(text, "=")
			if !found {
				return fmt.Errorf("workload: %q (expected: PATH=SPIFFE-ID)", text)
			}
			api := &workloadAPI{authority: authority, id: id}
			server := grpc.NewServer()
			workload.RegisterSpiffeWorkloadAPIServer(server, api)
			errCh := grpcutils.ListenAndServe(ctx, &url.URL{Scheme: "unix", Path: path}, server)
			select {
			case err := <-errCh:
				return err
			default:
			}
		}
		lines.on("rotate", func(context.Context, command) (reply, error) {
			authority.rotate()
			return reply{}, nil
		})
		lines.event("ready", "", nil)
		return nil
	}
}

// authority signs certificates of a trust domain, and tells those who watch of new ones.
type authority struct {
	lifetime time.Duration
	key      *ecdsa.PrivateKey
	cert     *x509.Certificate

	mu      sync.Mutex
	rotated chan struct{}
}

func newAuthority(lifetime time.Duration) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "test authority"},
		URIs:                  []*url.URL{{Scheme: "spiffe", Host: "test.com"}},
		NotBefore:             time.Now().Add(-time.Minute),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{lifetime: lifetime, key: key, cert: cert, rotated: make(chan struct{})}, nil
}

func serial() *big.Int {
	limit := new(big.Int).Lsh(big.NewInt(1), 127)
	number, err := rand.Int(rand.Reader, limit)
	if err != nil {
		panic(err) // a machine without randomness
	}
	return number
}

func (a *authority) rotate() {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.rotated)
	a.rotated = make(chan struct{})
}

func (a *authority) nextRotation() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.rotated
}

// issue makes a fresh key and certificate.
func (a *authority) issue(id string) (*workload.X509SVID, error) {
	name, err := url.Parse(id)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: "test workload"},
		URIs:         []*url.URL{name},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(a.lifetime),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return &workload.X509SVID{
		SpiffeId: id, X509Svid: der, X509SvidKey: pkcs8, Bundle: a.cert.Raw,
	}, nil
}

// workloadAPI answers one workload.
type workloadAPI struct {
	workload.UnimplementedSpiffeWorkloadAPIServer
	authority *authority
	id        string
}

func (w *workloadAPI) FetchX509SVID(_ *workload.X509SVIDRequest, stream workload.SpiffeWorkloadAPI_FetchX509SVIDServer) error {
	if err := checkHeader(stream.Context()); err != nil {
		return err
	}
	for {
		next := w.authority.nextRotation()
		svid, err := w.authority.issue(w.id)
		if err != nil {
			return err
		}
		if err := stream.Send(&workload.X509SVIDResponse{Svids: []*workload.X509SVID{svid}}); err != nil {
			return err
		}
		select {
		case <-next:
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

func (w *workloadAPI) FetchX509Bundles(_ *workload.X509BundlesRequest, stream workload.SpiffeWorkloadAPI_FetchX509BundlesServer) error {
	if err := checkHeader(stream.Context()); err != nil {
		return err
	}
	bundles := map[string][]byte{"spiffe://test.com": w.authority.cert.Raw}
	if err := stream.Send(&workload.X509BundlesResponse{Bundles: bundles}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return stream.Context().Err()
}

// checkHeader refuses a caller that may have been tricked into calling (SPIFFE Workload API, 5.1).
func checkHeader(ctx context.Context) error {
	headers, _ := metadata.FromIncomingContext(ctx)
	if values := headers.Get("workload.spiffe.io"); len(values) == 1 && values[0] == "true" {
		return nil
	}
	return status.Error(codes.InvalidArgument, "security header missing from request")
}
