module recorder

go 1.14

require (
	github.com/cisco-app-networking/nsm-nse v0.0.0-00010101000000-000000000000
	github.com/golang/protobuf v1.4.2
	github.com/networkservicemesh/networkservicemesh/controlplane/api v0.3.0
	github.com/networkservicemesh/networkservicemesh/forwarder/api v0.0.0-00010101000000-000000000000
	github.com/networkservicemesh/networkservicemesh/pkg v0.3.0
	go.ligato.io/vpp-agent/v3 v3.3.0-alpha.0.20210111123645-a04d009c61c5
	google.golang.org/grpc v1.29.1
)

replace (
	github.com/cisco-app-networking/nsm-nse => ../src/nsm-nse
	github.com/networkservicemesh/networkservicemesh/controlplane => ../src/nsm/controlplane
	github.com/networkservicemesh/networkservicemesh/controlplane/api => ../src/nsm/controlplane/api
	github.com/networkservicemesh/networkservicemesh/forwarder => ../src/nsm/forwarder
	github.com/networkservicemesh/networkservicemesh/forwarder/api => ../src/nsm/forwarder/api
	github.com/networkservicemesh/networkservicemesh/pkg => ../src/nsm/pkg
	github.com/networkservicemesh/networkservicemesh/sdk => ../src/nsm/sdk
	github.com/networkservicemesh/networkservicemesh/utils => ../src/nsm/utils
	go.ligato.io/vpp-agent/v3 => ../src/agent
)
