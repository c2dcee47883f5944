package dev.shiplog.agent.identity;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.cluster.ClusterUnavailableException;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks the cluster for certificates: a new key for each, a CertificateSigningRequest, and what its
 * signer makes of it. Any thread; blocks until there is an answer.
 */
public final class CertificateRequests {

  private static final int FORBIDDEN = 403;
  private static final Set<String> REFUSALS = Set.of("Denied", "Failed");

  private final Supplier<KubernetesClient> clients;
  private final Duration patience;

  /**
   * Asks with what the supplier gives at the time.
   *
   * @param patience how long to wait for somebody to approve and sign
   */
  public CertificateRequests(Supplier<KubernetesClient> clients, Duration patience) {
    this.clients = clients;
    this.patience = patience;
  }

  /** An identity with a key of its own that nobody has signed. */
  public static Identity unconfirmed(Wanted wanted, Instant now) {
    return new NewKey().selfSigned(wanted, now);
  }

  /**
   * Obtains a certificate.
   *
   * @throws ClusterRefusedException if it is denied, or cannot be signed
   * @throws ClusterUnavailableException if there is no answer; ask again later
   */
  public Identity obtain(Wanted wanted) {
    NewKey key = new NewKey();
    KubernetesClient client = clients.get();
    try {
      String name = client.resource(request(wanted, key)).create().getMetadata().getName();
      CertificateSigningRequest answered =
          client
              .certificates()
              .v1()
              .certificateSigningRequests()
              .withName(name)
              .waitUntilCondition(
                  CertificateRequests::isAnswered, patience.toMillis(), TimeUnit.MILLISECONDS);
      return identity(answered, key);
    } catch (KubernetesClientTimeoutException e) {
      throw new ClusterUnavailableException(
          "nobody approved and signed the certificate within " + patience.toSeconds() + " s", e);
    } catch (KubernetesClientException e) {
      throw judge(e);
    }
  }

  private static CertificateSigningRequest request(Wanted wanted, NewKey key) {
    return new CertificateSigningRequestBuilder()
        .withNewMetadata()
        .withGenerateName("node-csr-")
        .endMetadata()
        .withNewSpec()
        .withSignerName(wanted.signer())
        .withUsages(wanted.usages())
        .withRequest(
            Base64.getEncoder()
                .encodeToString(key.request(wanted).getBytes(StandardCharsets.UTF_8)))
        .endSpec()
        .build();
  }

  private static boolean isAnswered(CertificateSigningRequest request) {
    return request != null
        && request.getStatus() != null
        && (request.getStatus().getCertificate() != null || refusal(request).isPresent());
  }

  private static Optional<CertificateSigningRequestCondition> refusal(
      CertificateSigningRequest request) {
    List<CertificateSigningRequestCondition> conditions = request.getStatus().getConditions();
    return conditions.stream()
        .filter(condition -> REFUSALS.contains(condition.getType()))
        .findFirst();
  }

  private static Identity identity(CertificateSigningRequest request, NewKey key) {
    refusal(request)
        .ifPresent(condition -> {
          throw new ClusterRefusedException(
              FORBIDDEN, condition.getType() + ": " + condition.getMessage(), null);
        });
    byte[] certificate = Base64.getDecoder().decode(request.getStatus().getCertificate());
    return new Identity(new String(certificate, StandardCharsets.UTF_8), key.pem());
  }

  private static ClusterException judge(KubernetesClientException e) {
    return e.getCode() > 0 && e.getCode() < 500
        ? new ClusterRefusedException(e.getCode(), e.getMessage(), e)
        : new ClusterUnavailableException(e.getMessage(), e);
  }
}
