package dev.shiplog.standalone;

import dev.shiplog.agent.identity.Identity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bootstrap tokens of a running cluster, as its administrator sees them. Any thread. */
public final class BootstrapTokens {

  private static final Pattern SERVER = Pattern.compile("server: (\\S+)");

  private final RunningCluster cluster;

  /** Of the cluster that runs on a data directory. */
  public BootstrapTokens(RunningCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * A token as a list shows it.
   *
   * @param id its public half
   * @param expires when it ends; empty for never
   */
  public record Listed(String id, String expires, String description) {}

  /**
   * Makes a token.
   *
   * @param ttl how long it is good; empty for ever
   * @return the command with which a machine joins
   * @throws StartFailure if the cluster does not run, or refuses
   */
  public String create(Optional<Duration> ttl) {
    BootstrapToken token = BootstrapToken.create();
    String server =
        ask(client -> {
          client.resource(token.object(Instant.now(), ttl)).create();
          return announced(client).orElse(cluster.server());
        });
    return "./shiplog join %s --token %s --ca-hash %s"
        .formatted(server.replaceFirst("^https://", ""), token.text(), pin().text());
  }

  /** Whether nodes are told where the log is. */
  public boolean canBeJoined() {
    return ask(client -> announced(client).isPresent());
  }

  public List<Listed> list() {
    return ask(client ->
        client
            .secrets()
            .inNamespace(BootstrapToken.NAMESPACE)
            .withField("type", BootstrapToken.TYPE)
            .list()
            .getItems()
            .stream()
            .map(BootstrapTokens::listed)
            .toList());
  }

  /**
   * Ends a token; nodes that joined with it stay.
   *
   * @param token its id, or the whole
   */
  public void delete(String token) {
    String id = token.replaceFirst("\\..*", "");
    boolean found =
        ask(client ->
            !client
                .secrets()
                .inNamespace(BootstrapToken.NAMESPACE)
                .withName(BootstrapToken.SECRET_NAME + id)
                .delete()
                .isEmpty());
    if (!found) {
      throw new StartFailure("there is no bootstrap token " + id);
    }
  }

  private static Listed listed(Secret secret) {
    return new Listed(
        text(secret, "token-id"), text(secret, "expiration"), text(secret, "description"));
  }

  private static String text(Secret secret, String field) {
    String value = secret.getData() == null ? null : secret.getData().get(field);
    return value == null
        ? ""
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  /** Where nodes reach the API server, by what the cluster says. */
  private static Optional<String> announced(KubernetesClient client) {
    ConfigMap info = client.configMaps().inNamespace("kube-public").withName("cluster-info").get();
    Matcher server =
        SERVER.matcher(
            info == null ? "" : Map.copyOf(info.getData()).getOrDefault("kubeconfig", ""));
    return server.find() ? Optional.of(server.group(1)) : Optional.empty();
  }

  private AuthorityPin pin() {
    try (var in = Files.newInputStream(authority())) {
      return AuthorityPin.of(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
    } catch (IOException | CertificateException e) {
      throw new StartFailure("cannot read " + authority() + ": " + e.getMessage());
    }
  }

  private <T> T ask(Function<KubernetesClient, T> question) {
    if (cluster.server().isEmpty()) {
      throw new StartFailure(
          "no cluster runs on " + cluster.data().path() + "; start it with './shiplog up'");
    }
    Path pki = cluster.data().pki();
    try (KubernetesClient client =
        new ApiAddress(cluster.server(), authority())
            .client(
                new Identity(
                    Files.readString(pki.resolve("admin.crt")),
                    Files.readString(pki.resolve("admin.key"))))) {
      return question.apply(client);
    } catch (IOException e) {
      throw new StartFailure(
          "cannot read the administrator's certificate: " + StartFailure.describe(e));
    } catch (KubernetesClientException e) {
      throw new StartFailure("the API server at " + cluster.server() + " says: " + e.getMessage());
    }
  }

  private Path authority() {
    return cluster.data().pki().resolve("ca.crt");
  }
}
