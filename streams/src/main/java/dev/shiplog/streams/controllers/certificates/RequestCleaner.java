package dev.shiplog.streams.controllers.certificates;

import static dev.shiplog.streams.kit.ResourceTypes.CERTIFICATE_SIGNING_REQUESTS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Deletes certificate signing requests that nobody needs any more: an hour after they were decided,
 * a day after they were made if nobody decided, and when their certificate has run out.
 */
public final class RequestCleaner implements Controller {

  private static final Duration DECIDED = Duration.ofHours(1);
  private static final Duration PENDING = Duration.ofHours(24);

  @Override
  public String name() {
    return "certificatesigningrequest-cleaner-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:certificate-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.primary(CERTIFICATE_SIGNING_REQUESTS));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(CERTIFICATE_SIGNING_REQUESTS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<CertificateSigningRequest> request = views.of(CERTIFICATE_SIGNING_REQUESTS).get(key);
    if (request.isEmpty()) {
      return Reconciliation.nothing();
    }
    Instant end = end(request.get());
    return end.isAfter(now)
        ? Reconciliation.after(Duration.between(now, end))
        : Reconciliation.of(Commands.delete(CERTIFICATE_SIGNING_REQUESTS, request.get()));
  }

  private static Instant end(CertificateSigningRequest request) {
    List<Instant> ends = new ArrayList<>();
    List<CertificateSigningRequestCondition> conditions =
        request.getStatus() == null ? List.of() : request.getStatus().getConditions();
    Instant created = Instant.parse(request.getMetadata().getCreationTimestamp());
    if (conditions.isEmpty()) {
      ends.add(created.plus(PENDING));
    }
    for (CertificateSigningRequestCondition condition : conditions) {
      String time = condition.getLastUpdateTime();
      ends.add((time == null ? created : Instant.parse(time)).plus(DECIDED));
    }
    certificateOf(request).ifPresent(it -> ends.add(it.getNotAfter().toInstant()));
    return ends.stream().min(Comparator.naturalOrder()).orElseThrow();
  }

  private static Optional<X509Certificate> certificateOf(CertificateSigningRequest request) {
    if (request.getStatus() == null || request.getStatus().getCertificate() == null) {
      return Optional.empty();
    }
    try {
      byte[] pem = Base64.getDecoder().decode(request.getStatus().getCertificate());
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem)));
    } catch (CertificateException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
