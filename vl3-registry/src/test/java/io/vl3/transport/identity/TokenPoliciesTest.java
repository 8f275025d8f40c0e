package io.vl3.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.failure.EndpointException;
import io.vl3.time.FakeTimer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens as somebody would send them who means harm. */
class TokenPoliciesTest {

  private static final String ALICE = "spiffe://test/alice";

  private final FakeTimer timer = new FakeTimer();
  private final TokenPolicies policies = new TokenPolicies(timer);
  private final X509Svid alice = new TestAuthority("test").issue("/alice", Duration.ofHours(1));
  private final TlsPeer peer = new TlsPeer(ALICE, alice.getLeaf());

  @Test
  void aProperToken_isOfItsSubject() throws Exception {
    assertThat(read(jwt(Map.of())).isOf(peer)).isTrue();
    assertThat(policies.remembered()).isEqualTo(1);
  }

  @Test
  void aTokenThatIsNotSigned_isNone() {
    String unsigned = encoded("{\"alg\":\"none\"}") + "." + encoded("{\"exp\":9999999999}") + ".";
    assertThatThrownBy(() -> read(unsigned)).hasMessageContaining("none that can be read");
  }

  /** The certificate's key is public: as an HMAC's it signs for everybody. */
  @Test
  void aMac_withThePublicKeyAsSecret_isNoSignature() throws Exception {
    JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), claims(Map.of()));
    token.sign(new MACSigner(alice.getLeaf().getPublicKey().getEncoded()));
    assertThat(read(token.serialize()).isOf(peer)).isFalse();
  }

  @Test
  void anotherCurve_isNoSignature() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPair keys = generator.generateKeyPair();
    JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.ES384), claims(Map.of()));
    token.sign(new ECDSASigner((ECPrivateKey) keys.getPrivate()));
    assertThat(read(token.serialize()).isOf(peer)).isFalse();
  }

  /** CVE-2022-21449: a signature of zeros. */
  @Test
  void aSignatureOfZeros_isNone() throws Exception {
    String signed = jwt(Map.of());
    String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
    assertThat(read(signed.substring(0, signed.lastIndexOf('.') + 1) + zeros).isOf(peer)).isFalse();
  }

  @Test
  void aTokenThatNamesAnotherInItsHeader_isNotOfIt() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    JWSObject token =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .jwk(new ECKey.Builder(Curve.P_256, (ECPublicKey) keys.getPublic()).build())
                .build(),
            claims(Map.of()));
    token.sign(new ECDSASigner((ECPrivateKey) keys.getPrivate()));
    assertThat(read(token.serialize()).isOf(peer)).isFalse();
  }

  @Test
  void theSecondOfItsExpiry_isTooLate() throws Exception {
    String token = jwt(Map.of());
    timer.advance(Duration.ofSeconds(59));
    assertThat(read(token).subject()).isEqualTo(ALICE);
    timer.advance(Duration.ofSeconds(1));
    assertThatThrownBy(() -> read(token)).hasMessageContaining("path_segments[0].token: expired");
  }

  @Test
  void aTokenThatDoesNotCountYet_isNone_untilItDoes() throws Exception {
    String token = jwt(Map.of("nbf", timer.instant().getEpochSecond() + 30));
    timer.advance(Duration.ofSeconds(29));
    assertThatThrownBy(() -> read(token))
        .hasMessageContaining("path_segments[0].token: valid from");
    timer.advance(Duration.ofSeconds(1));
    assertThat(read(token).subject()).isEqualTo(ALICE);
  }

  @Test
  void aTokenForYears_isRefused_oneForADayIsNot() throws Exception {
    long now = timer.instant().getEpochSecond();
    assertThat(read(jwt(Map.of("exp", now + Duration.ofDays(1).toSeconds()))).subject())
        .isEqualTo(ALICE);
    assertThatThrownBy(() -> read(jwt(Map.of("exp", now + Duration.ofDays(3650).toSeconds()))))
        .hasMessageContaining("expected: within 7 days");
  }

  @Test
  void tokensInEachOthersPlaces_areNotChained() throws Exception {
    String first = jwt(Map.of("aud", List.of("spiffe://test/manager")));
    String second =
        jwt(Map.of("sub", "spiffe://test/manager", "aud", List.of("spiffe://test/nse")));
    assertThat(policies.tokens(path(first, second), 0, 1)).hasSize(2);
    assertThatThrownBy(() -> policies.tokens(path(second, first), 0, 1))
        .hasMessageContaining("path_segments[0].token: aud [spiffe://test/nse]");
  }

  @Test
  void hugeTokens_areJudged_butNotRemembered() throws Exception {
    String huge = jwt(Map.of("more", "x".repeat(12_000)));
    assertThat(read(huge).isOf(peer)).isTrue();
    assertThat(policies.remembered()).isZero();
  }

  @Test
  void jsonThatIsTooDeep_isNoToken() {
    String deep = "{\"sub\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    String token = encoded("{\"alg\":\"ES256\"}") + "." + encoded(deep) + ".c2ln";
    assertThatThrownBy(() -> read(token)).hasMessageContaining("none that can be read");
  }

  private ReadToken read(String token) throws EndpointException {
    return policies.tokens(path(token), 0, 0).get(0);
  }

  private Path path(String... tokens) {
    return new Path(
        0,
        Stream.of(tokens)
            .map(text -> new Token(text, timer.instant().plusSeconds(60)))
            .map(token -> PathSegment.of("c", "c").withToken(token))
            .toList());
  }

  private String jwt(Map<String, Object> changed) throws JOSEException {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();
    JWSObject token = new JWSObject(header, claims(changed));
    token.sign(new ECDSASigner((ECPrivateKey) alice.getPrivateKey()));
    return token.serialize();
  }

  private Payload claims(Map<String, Object> changed) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("sub", ALICE);
    claims.put("exp", timer.instant().getEpochSecond() + 60);
    claims.putAll(changed);
    return new Payload(claims);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
