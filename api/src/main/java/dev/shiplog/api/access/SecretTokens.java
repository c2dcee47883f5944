package dev.shiplog.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.catalogue.StorageResource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/**
 * Puts a token into a Secret of type {@code kubernetes.io/service-account-token}, for the
 * ServiceAccount that its annotation names: what a controller does in Kubernetes some time later.
 * One whose account is not there stays without.
 */
public final class SecretTokens implements AdmissionPlugin {

  private static final String TYPE = "kubernetes.io/service-account-token";
  private static final String NAME = "kubernetes.io/service-account.name";
  private static final String UID = "kubernetes.io/service-account.uid";
  private static final StorageResource ACCOUNTS = StorageResource.of("serviceaccounts", "");

  private final ServiceAccountTokens tokens;
  private final String authority;

  /**
   * The plug-in.
   *
   * @param authority PEM by which pods know the server; empty for none
   */
  public SecretTokens(ServiceAccountTokens tokens, String authority) {
    this.tokens = tokens;
    this.authority = authority;
  }

  @Override
  public String name() {
    return "ServiceAccountSecretToken";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() != Operation.DELETE
        && request.isAbout("secrets")
        && request.object().path("type").asText().equals(TYPE)
        && !request.object().path("data").has("token")
        && !request.object().path("metadata").has("deletionTimestamp");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode secret = request.object();
    JsonNode annotations = secret.path("metadata").path("annotations");
    String account = annotations.path(NAME).asText("");
    ObjectKey key = new ObjectKey(ACCOUNTS, request.target().namespace(), account);
    request
        .state()
        .get(key)
        .filter(found -> !annotations.has(UID) || annotations.get(UID).asText().equals(found.uid()))
        .ifPresent(found -> fill(secret, key, found.uid()));
    return CompletableFuture.completedFuture(null);
  }

  private void fill(ObjectNode secret, ObjectKey account, String uid) {
    String name = secret.at("/metadata/name").asText();
    ObjectNode data = secret.withObject("/data");
    data.put("token", base64(tokens.signForSecret(account, uid, name)));
    data.put("namespace", base64(account.namespace()));
    if (!authority.isEmpty()) {
      data.put("ca.crt", base64(authority));
    }
    secret.withObject("/metadata/annotations").put(UID, uid);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
