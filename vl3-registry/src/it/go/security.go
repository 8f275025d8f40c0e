package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/edwarnicke/grpcfd"
	"github.com/golang-jwt/jwt/v4"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/workloadapi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	registryapi "github.com/networkservicemesh/api/pkg/api/registry"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/sendfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	registrynull "github.com/networkservicemesh/sdk/pkg/registry/common/null"
	registrysendfd "github.com/networkservicemesh/sdk/pkg/registry/common/sendfd"
	"github.com/networkservicemesh/sdk/pkg/tools/grpcutils"
	"github.com/networkservicemesh/sdk/pkg/tools/spiffejwt"
	"github.com/networkservicemesh/sdk/pkg/tools/token"
)

// security is who we are, and how we talk.
type security struct {
	subject  *string
	lifetime *time.Duration
	files    *bool
	spiffe   *string
	otlp     *string
	source   *workloadapi.X509Source
}

func securityFlags(flags *flag.FlagSet) *security {
	return &security{
		subject:  flags.String("subject", "spiffe://test.com/subject", "the subject of our tokens"),
		lifetime: flags.Duration("token-lifetime", 10*time.Minute, "how long a token lasts"),
		files:    flags.Bool("sendfd", true, "send files beside the names of what they are"),
		spiffe:   flags.String("spiffe", "", "the Workload API's URL; without it there is no TLS"),
		otlp:     flags.String("otlp", "", "the receiver of spans, HOST:PORT; without it, none are made"),
	}
}

// open waits for our certificate, if we are to have one, and for the receiver of our spans.
func (s *security) open(ctx context.Context) error {
	if *s.otlp != "" {
		if err := records(ctx, *s.otlp, "nsmpeer "+os.Args[1]); err != nil {
			return err
		}
	}
	if *s.spiffe == "" {
		return nil
	}
	source, err := workloadapi.NewX509Source(ctx,
		workloadapi.WithClientOptions(workloadapi.WithAddr(*s.spiffe)))
	s.source = source
	return err
}

// tokens are signed with our certificate's key, or with a secret that nobody else knows: without TLS nobody checks them.
func (s *security) tokens() token.GeneratorFunc {
	if s.source != nil {
		return spiffejwt.TokenGeneratorFunc(s.source, *s.lifetime)
	}
	secret := []byte(fmt.Sprint(os.Getpid()))
	return func(credentials.AuthInfo) (string, time.Time, error) {
		expires := time.Now().Add(*s.lifetime)
		claims := jwt.RegisteredClaims{Subject: *s.subject, ExpiresAt: jwt.NewNumericDate(expires)}
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(secret)
		return signed, expires, err
	}
}

func (s *security) dialOptions() []grpc.DialOption {
	return append(tracedDials(),
		grpc.WithTransportCredentials(grpcfd.TransportCredentials(s.clientCredentials())),
		grpcfd.WithChainStreamInterceptor(),
		grpcfd.WithChainUnaryInterceptor(),
		grpc.WithDefaultCallOptions(
			grpc.PerRPCCredentials(plainTokens{token.NewPerRPCCredentials(s.tokens())}),
		),
	)
}

func (s *security) serverOptions() []grpc.ServerOption {
	return append(tracedServers(),
		grpc.Creds(grpcfd.TransportCredentials(s.serverCredentials())),
	)
}

func (s *security) clientCredentials() credentials.TransportCredentials {
	if s.source == nil {
		return insecure.NewCredentials()
	}
	config := tlsconfig.MTLSClientConfig(s.source, s.source, tlsconfig.AuthorizeAny())
	config.MinVersion = tls.VersionTLS12
	return credentials.NewTLS(config)
}

func (s *security) serverCredentials() credentials.TransportCredentials {
	if s.source == nil {
		return insecure.NewCredentials()
	}
	config := tlsconfig.MTLSServerConfig(s.source, s.source, tlsconfig.AuthorizeAny())
	config.MinVersion = tls.VersionTLS12
	return credentials.NewTLS(config)
}

// serve listens and tells where; the URL is then the one that was taken.
func (s *security) serve(
	ctx context.Context, lines *lines, at *url.URL, register func(*grpc.Server)) error {
	server := grpc.NewServer(s.serverOptions()...)
	register(server)
	failed := grpcutils.ListenAndServe(ctx, at, server)
	select {
	case err := <-failed:
		return err
	default:
	}
	go func() {
		if err := <-failed; err != nil && ctx.Err() == nil {
			lines.event("failed", err.Error(), nil)
		}
	}()
	return nil
}

// sendsFiles is the element that sends files, if we do.
func (s *security) sendsFiles() networkservice.NetworkServiceClient {
	if *s.files {
		return sendfd.NewClient()
	}
	return null.NewClient()
}

// registersFiles sends the socket that is registered, if we do.
func (s *security) registersFiles() registryapi.NetworkServiceEndpointRegistryClient {
	if *s.files {
		return registrysendfd.NewNetworkServiceEndpointRegistryClient()
	}
	return registrynull.NewNetworkServiceEndpointRegistryClient()
}

// plainTokens lets tokens go over a connection without TLS.
type plainTokens struct {
	credentials.PerRPCCredentials
}

func (plainTokens) RequireTransportSecurity() bool {
	return false
}

// urlFlag defines a flag that is a URL.
func urlFlag(flags *flag.FlagSet, name, usage string) *url.URL {
	value := &url.URL{}
	flags.Func(name, usage, func(text string) error {
		parsed, err := url.Parse(text)
		if err == nil {
			*value = *parsed
		}
		return err
	})
	return value
}

// given tells an absent URL.
func given(u *url.URL) bool {
	return u.Scheme != ""
}

// copied guards against chains that write into the URLs that they are given.
func copied(u *url.URL) *url.URL {
	clone := *u
	return &clone
}
