package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * What becomes of a request: approved if it is a node's and the requester may have such a
 * certificate (for serving, if the names are the node's), signed if it is approved, failed if its
 * signer does not sign the like, removed if it is old. Pure but for the signature. Any thread.
 */
public final class RequestDecision {

  private static final String GROUP = "certificates.k8s.io";
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration SETTLED_FOR = Duration.ofHours(1);
  private static final Duration PENDING_FOR = Duration.ofHours(24);

  /** What is to be done with a request. */
  public sealed interface Outcome {

    record Nothing() implements Outcome {}

    record Remove() implements Outcome {}

    /** The object with another status. */
    record Change(ObjectNode object) implements Outcome {}
  }

  private final CertificateSigner signer;
  private final Authorizer authorizer;
  private final ServingNames servingNames;

  public RequestDecision(
      CertificateSigner signer, Authorizer authorizer, ServingNames servingNames) {
    this.signer = signer;
    this.authorizer = authorizer;
    this.servingNames = servingNames;
  }

  /** What is to be done with a request now. */
  public Outcome of(ObjectNode object, Instant now) {
    Optional<SigningRequest> read = SigningRequest.of(object);
    if (read.isEmpty()) {
      return new Outcome.Nothing();
    }
    SigningRequest request = read.get();
    boolean settled = request.is("Denied") || request.is("Failed") || request.isIssued();
    Duration kept = settled ? SETTLED_FOR : PENDING_FOR;
    if (request.created().plus(kept).isBefore(now)) {
      return new Outcome.Remove();
    }
    Optional<BuiltInSigner> builtIn = BuiltInSigner.of(request);
    if (settled || builtIn.isEmpty()) {
      return new Outcome.Nothing();
    }
    if (request.is("Approved")) {
      return new Outcome.Change(signed(request, builtIn.get(), now));
    }
    return approval(request, builtIn.get())
        .<Outcome>map(
            why -> new Outcome.Change(with(request.object(), "Approved", "AutoApproved", why, now)))
        .orElseGet(Outcome.Nothing::new);
  }

  /** Why a request is approved by itself; empty if somebody else has to do it. */
  private Optional<String> approval(SigningRequest request, BuiltInSigner signer) {
    return switch (signer) {
      case CLIENT -> Optional.empty();
      case KUBELET_CLIENT ->
          mayHave(request)
              ? Optional.of("Auto approving kubelet client certificate after SubjectAccessReview.")
              : Optional.empty();
      case KUBELET_SERVING ->
          mayServe(request)
              ? Optional.of("Auto approving kubelet serving certificate for names of its node.")
              : Optional.empty();
    };
  }

  /** Only the node itself asks, and only for names that are its own and no other node's. */
  private boolean mayServe(SigningRequest request) {
    return BuiltInSigner.KUBELET_SERVING.refusal(request).isEmpty()
        && request.requester().groups().contains("system:nodes")
        && servingNames.areOf(
            request.commonName().substring(BuiltInSigner.NODE.length()),
            request.alternativeNames().orElseThrow());
  }

  private ObjectNode signed(SigningRequest request, BuiltInSigner builtIn, Instant now) {
    Optional<String> refusal = builtIn.refusal(request);
    if (refusal.isPresent()) {
      return with(request.object(), "Failed", "SignerValidationFailure", refusal.get(), now);
    }
    try {
      String certificate = signer.sign(request, now, lasts(request.object()));
      ObjectNode issued = request.object().deepCopy();
      issued
          .withObject("/status")
          .put(
              "certificate",
              Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.UTF_8)));
      return issued;
    } catch (GeneralSecurityException e) {
      return with(request.object(), "Failed", "SigningError", e.getMessage(), now);
    }
  }

  private static Duration lasts(ObjectNode object) {
    long seconds = object.at("/spec/expirationSeconds").asLong(YEAR.toSeconds());
    return Duration.ofSeconds(Math.min(seconds, YEAR.toSeconds()));
  }

  /** A node renews its own; whoever may make nodes gets one for any. */
  private boolean mayHave(SigningRequest request) {
    if (BuiltInSigner.KUBELET_CLIENT.refusal(request).isPresent()) {
      return false;
    }
    boolean own = request.commonName().equals(request.requester().username());
    return (own && may(request, "selfnodeclient")) || may(request, "nodeclient");
  }

  private boolean may(SigningRequest request, String kind) {
    Attributes asked =
        new Attributes("create", GROUP, "*", "certificatesigningrequests", kind, "", "", "");
    return authorizer.authorize(request.requester(), asked).allowed();
  }

  private static ObjectNode with(
      ObjectNode object, String type, String reason, String message, Instant now) {
    ObjectNode changed = object.deepCopy();
    String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
    changed
        .withObject("/status")
        .withArray("/conditions")
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", message)
        .put("lastUpdateTime", at)
        .put("lastTransitionTime", at);
    return changed;
  }
}
