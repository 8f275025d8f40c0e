#!/usr/bin/env bash
# Guess: a status whose message is longer than a client takes in its headers is cut, or the client names its limit.
# Seen with google.golang.org/grpc 1.71.1 as the server, which NSM's SDK requires, and grpc-java 1.85.1 as the client:
# grpc-java tells its peer that it takes 8 KiB of headers. grpc-go then sends no status at all: it resets the stream, and its standard log says
# nothing. The client gets INTERNAL, "RST_STREAM closed stream", in place of code and message: whoever tells errors apart by their code is misled.
# With maxInboundMetadataSize of 16 MiB, as Go's clients have it, both arrive. An agent that refuses 200 interfaces at once writes more than 8 KiB.
# Needs java, mvn and go; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/status.XXXXXX)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"

mkdir serve && cd serve
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The last part of the method's name is how long the message shall be.
func refuse(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	length, err := strconv.Atoi(method[strings.LastIndex(method, "/")+1:])
	if err != nil {
		return err
	}
	return status.Error(codes.FailedPrecondition, strings.Repeat("x", length))
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	panic(grpc.NewServer(grpc.UnknownServiceHandler(refuse)).Serve(listener))
}
GO
go mod init x >/dev/null 2>&1
go get google.golang.org/grpc@v1.71.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go build -o ../server .
cd ..

cat >pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.grpc</groupId><artifactId>grpc-netty-shaded</artifactId><version>GRPC</version></dependency>
    <dependency><groupId>io.grpc</groupId><artifactId>grpc-stub</artifactId><version>GRPC</version></dependency>
  </dependencies>
</project>
POM
sed -i 's/GRPC/1.85.1/' pom.xml
cat >Ask.java <<'JAVA'
import io.grpc.*;
import io.grpc.stub.ClientCalls;
import java.io.*;

public class Ask {
  record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
    public InputStream stream(byte[] value) { return new ByteArrayInputStream(value); }
    public byte[] parse(InputStream in) { return new byte[0]; }
  }

  public static void main(String[] words) {
    ask(words[0], 8 << 10, 1_000);
    ask(words[0], 8 << 10, 9_000);
    ask(words[0], 16 << 20, 9_000);
  }

  static void ask(String server, int headers, int length) {
    ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder(server, InsecureChannelCredentials.create());
    if (headers != 8 << 10) {
      builder.maxInboundMetadataSize(headers);
    }
    ManagedChannel channel = builder.build();
    var method = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName("x/" + length).build();
    try {
      ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, new byte[0]);
    } catch (StatusRuntimeException failure) {
      String says = failure.getStatus().getDescription().replaceAll("x{100,}", "the message");
      System.out.println(length + " octets, headers " + headers + ": " + failure.getStatus().getCode() + " " + says);
    }
    channel.shutdownNow();
  }
}
JAVA
mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars

./server >address 2>server.log &
server=$!
until [ -s address ]; do kill -0 "$server"; sleep 0.1; done
java -cp 'jars/*' Ask.java "$(cat address)" 2>/dev/null | tee said

grep -qx '1000 octets, headers 8192: FAILED_PRECONDITION the message' said
grep -q '^9000 octets, headers 8192: INTERNAL RST_STREAM closed stream' said
grep -qx '9000 octets, headers 16777216: FAILED_PRECONDITION the message' said
[ ! -s server.log ]
echo "as described"
