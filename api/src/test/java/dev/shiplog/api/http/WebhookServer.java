package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A webhook as somebody outside runs it: HTTPS with a certificate of its own. */
public final class WebhookServer implements AutoCloseable {

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final String caBundle;

  /**
   * Starts one.
   *
   * @param host name its certificate has besides that of this machine
   */
  public WebhookServer(String host) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    X509Certificate certificate = certificate(keys, host);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(keys, certificate)));
    server.setExecutor(threads);
    server.start();
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(certificate);
    }
    caBundle = Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** How it is reached, for a webhook's {@code clientConfig}. */
  public String client(String path) {
    return "'url':'%s','caBundle':'%s'".formatted(url(path), caBundle());
  }

  public String caBundle() {
    return caBundle;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url(String path) {
    return "https://localhost:" + port() + path;
  }

  /** The requests it was asked about. */
  List<JsonNode> asked() {
    return asked;
  }

  /** Answers reviews at a path; the response allows unless the answer says otherwise. */
  void answer(String path, BiConsumer<JsonNode, ObjectNode> answer) {
    server.createContext(
        path,
        exchange -> {
          JsonNode request = Json.MAPPER.readTree(exchange.getRequestBody()).path("request");
          asked.add(request);
          ObjectNode review =
              Json.MAPPER
                  .createObjectNode()
                  .put("apiVersion", "admission.k8s.io/v1")
                  .put("kind", "AdmissionReview");
          ObjectNode response =
              review.putObject("response").put("uid", request.path("uid").asText());
          response.put("allowed", true);
          answer.accept(request, response);
          send(exchange, Json.bytes(review));
        });
  }

  /** Answers whatever is sent to a path; what is no JSON is missing. */
  public void reply(String path, UnaryOperator<JsonNode> answer) {
    server.createContext(
        path,
        exchange -> {
          JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody());
          JsonNode answered = answer.apply(body);
          if (answered == null) {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
          } else {
            send(exchange, Json.bytes(answered));
          }
        });
  }

  /** Takes reviews at a path and never answers them. */
  public void keepSilent(String path) {
    server.createContext(
        path,
        exchange -> {
          try {
            closing.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  static void patch(ObjectNode response, String jsonPatch) {
    response.put("patchType", "JSONPatch");
    response.put(
        "patch",
        Base64.getEncoder()
            .encodeToString(AdmissionApi.json(jsonPatch).getBytes(StandardCharsets.UTF_8)));
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static SSLContext context(KeyPair keys, X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @SuppressWarnings("JavaUtilDate") // what the builder takes
  private static X509Certificate certificate(KeyPair keys, String host) throws Exception {
    X500Name name = new X500Name("CN=webhook");
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofHours(1))),
            name,
            keys.getPublic());
    GeneralName[] names = {
      new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.dNSName, host)
    };
    builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }
}
