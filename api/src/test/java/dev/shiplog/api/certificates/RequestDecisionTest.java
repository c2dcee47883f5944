package dev.shiplog.api.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.FewObjects;
import dev.shiplog.api.certificates.RequestDecision.Outcome;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestDecisionTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
  private static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
  private static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
  private static final String NODE_SUBJECT = "O=system:nodes,CN=system:node:n1";

  @TempDir Path directory;

  private KeyPair authorityKey;
  private RequestDecision decision;
  private boolean allowed;
  private final FewObjects nodes = new FewObjects();

  @BeforeEach
  void authority() throws Exception {
    authorityKey = keyPair();
    X500Name name = new X500Name("CN=authority");
    var certificate =
        new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(NOW.minus(Duration.ofDays(1))),
                Date.from(NOW.plus(Duration.ofDays(3650))),
                name,
                authorityKey.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate()));
    Path file = directory.resolve("ca.crt");
    Path key = directory.resolve("ca.key");
    Files.writeString(file, pem(certificate));
    Files.writeString(key, pem(new JcaPKCS8Generator(authorityKey.getPrivate(), null)));
    Authorizer authorizer =
        (user, asked) -> allowed ? Authorizer.Decision.allow("") : Authorizer.Decision.deny("");
    decision =
        new RequestDecision(
            CertificateSigner.read(file, key, new SecureRandom()),
            authorizer,
            new ServingNames(() -> nodes));
  }

  private static KeyPair keyPair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  private static ObjectNode request(
      String signer, String subject, String requester, String host, String... usages)
      throws Exception {
    KeyPair pair = keyPair();
    var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic());
    if (!host.isEmpty()) {
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      extensions.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
    }
    var asked =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.putObject("metadata").put("name", "r").put("creationTimestamp", NOW.toString());
    ObjectNode spec = object.putObject("spec");
    spec.put("signerName", signer).put("username", requester);
    if (requester.startsWith("system:node:")) {
      spec.putArray("groups").add("system:nodes");
    }
    spec.put(
        "request", Base64.getEncoder().encodeToString(pem(asked).getBytes(StandardCharsets.UTF_8)));
    List.of(usages).forEach(spec.putArray("usages")::add);
    return object;
  }

  private static ObjectNode approved(ObjectNode object) {
    object
        .withArray("/status/conditions")
        .addObject()
        .put("type", "Approved")
        .put("status", "True");
    return object;
  }

  private ObjectNode changed(ObjectNode object) {
    Outcome outcome = decision.of(object, NOW);
    assertThat(outcome).isInstanceOf(Outcome.Change.class);
    return ((Outcome.Change) outcome).object();
  }

  @Test
  void whatIsApprovedIsSignedForTheSubjectAndTimeAsked() throws Exception {
    ObjectNode object =
        approved(request(CLIENT, "O=developers,CN=jane", "jane", "", "client auth"));
    object.withObject("/spec").put("expirationSeconds", 7200);

    String text =
        new String(
            Base64.getDecoder().decode(changed(object).at("/status/certificate").asText()),
            StandardCharsets.UTF_8);

    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      X509CertificateHolder certificate = (X509CertificateHolder) parser.readObject();
      assertThat(certificate.getSubject().toString()).isEqualTo("O=developers,CN=jane");
      assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plusSeconds(7200));
      assertThat(
              certificate.isSignatureValid(
                  new JcaContentVerifierProviderBuilder().build(authorityKey.getPublic())))
          .isTrue();
    }
  }

  @Test
  void whatNobodyApprovedIsNotSigned() throws Exception {
    allowed = true;

    assertThat(decision.of(request(CLIENT, "CN=jane", "jane", "", "client auth"), NOW))
        .isInstanceOf(Outcome.Nothing.class);
  }

  @ParameterizedTest
  @CsvSource({
    CLIENT + ", 'O=system:masters,CN=jane', jane, '', client auth",
    CLIENT + ", CN=jane, jane, '', server auth",
    CLIENT + ", CN=jane, jane, '', cert sign",
    KUBELET_CLIENT + ", 'O=developers,CN=system:node:n1', boot, '', client auth",
    KUBELET_CLIENT + ", 'O=system:nodes,CN=jane', boot, '', client auth",
    KUBELET_CLIENT + ", 'O=system:nodes+O=system:masters,CN=system:node:n1', b, '', client auth",
    KUBELET_CLIENT + ", 'O=system:nodes,CN=system:node:n1', boot, host, client auth",
    KUBELET_CLIENT + ", 'O=system:nodes,CN=system:node:n1,CN=jane', boot, '', client auth",
    KUBELET_CLIENT + ", 'O=system:nodes,CN=jane,CN=system:node:n1', boot, '', client auth",
    KUBELET_SERVING + ", 'O=system:nodes,CN=system:node:n1', system:node:n1, '', server auth",
    KUBELET_SERVING + ", 'O=system:nodes,CN=system:node:n1', system:node:n2, host, server auth",
    KUBELET_SERVING + ", 'O=system:nodes,CN=system:node:n1', system:node:n1, host, client auth"
  })
  void whatASignerDoesNotSignFailsAlsoWhenItIsApproved(
      String signer, String subject, String requester, String host, String usage) throws Exception {
    ObjectNode result = changed(approved(request(signer, subject, requester, host, usage)));

    assertThat(result.at("/status/conditions/1/type").asText()).isEqualTo("Failed");
    assertThat(result.at("/status").has("certificate")).isFalse();
  }

  @Test
  void aNodesFirstCertificateIsApprovedIfItMayHaveIt() throws Exception {
    ObjectNode object =
        request(KUBELET_CLIENT, NODE_SUBJECT, "system:bootstrap:abcdef", "", "client auth");

    assertThat(decision.of(object, NOW)).isInstanceOf(Outcome.Nothing.class);
    allowed = true;
    assertThat(changed(object).at("/status/conditions/0/type").asText()).isEqualTo("Approved");
  }

  @Test
  void aNodesServingCertificateIsApprovedForWhatTheNodeIsReachedAt() throws Exception {
    nodes.put(node("n1", "host"));

    assertThat(changed(serving("host")).at("/status/conditions/0/type").asText())
        .isEqualTo("Approved");
    assertThat(changed(serving("n1")).at("/status/conditions/0/type").asText())
        .isEqualTo("Approved");
  }

  @ParameterizedTest
  @CsvSource({"other", "n2", "shared"})
  void aServingCertificateForOtherNamesIsForAPersonToApprove(String name) throws Exception {
    allowed = true;
    nodes.put(node("n1", "host", "shared", "n2"));
    nodes.put(node("n2", "shared"));

    assertThat(decision.of(serving(name), NOW)).isInstanceOf(Outcome.Nothing.class);
    assertThat(changed(approved(serving(name))).at("/status").has("certificate")).isTrue();
  }

  @Test
  void aMachineThatIsNoNodeYetGetsNoServingCertificate() throws Exception {
    assertThat(decision.of(serving("n1"), NOW)).isInstanceOf(Outcome.Nothing.class);
  }

  private static ObjectNode serving(String host) throws Exception {
    return request(KUBELET_SERVING, NODE_SUBJECT, "system:node:n1", host, "server auth");
  }

  private static String node(String name, String... addresses) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("apiVersion", "v1").put("kind", "Node").putObject("metadata").put("name", name);
    for (String address : addresses) {
      node.withArray("/status/addresses").addObject().put("address", address);
    }
    return node.toString();
  }

  @Test
  void anotherSignersRequestsAreLeftAlone() throws Exception {
    ObjectNode object = approved(request("example.com/own", "CN=jane", "jane", "", "client auth"));

    assertThat(decision.of(object, NOW)).isInstanceOf(Outcome.Nothing.class);
  }

  @Test
  void whatIsSettledGoesAfterAnHourAndWhatWaitsAfterADay() throws Exception {
    ObjectNode waiting = request(CLIENT, "CN=jane", "jane", "", "client auth");
    ObjectNode issued = changed(approved(waiting.deepCopy()));

    Instant later = NOW.plus(Duration.ofHours(2));
    assertThat(decision.of(issued, NOW)).isInstanceOf(Outcome.Nothing.class);
    assertThat(decision.of(issued, later)).isInstanceOf(Outcome.Remove.class);
    assertThat(decision.of(waiting, later)).isInstanceOf(Outcome.Nothing.class);
    assertThat(decision.of(waiting, NOW.plus(Duration.ofHours(25))))
        .isInstanceOf(Outcome.Remove.class);
  }
}
