package dev.shiplog.streams.controllers.token;

import static dev.shiplog.streams.kit.ResourceTypes.CONFIG_MAPS;
import static dev.shiplog.streams.kit.ResourceTypes.SECRETS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.TokenSecret;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the ConfigMap {@code kube-public/cluster-info} with each bootstrap token that is for
 * signing, so that a machine that knows a token can tell that what it reads there is its cluster's:
 * a JSON Web Signature (HS256) whose content is left out, under {@code jws-kubeconfig-TOKENID}.
 */
public final class BootstrapSigner implements Controller {

  private static final String KEY = "kube-public/cluster-info";
  private static final String KUBECONFIG = "kubeconfig";
  private static final String PREFIX = "jws-kubeconfig-";

  @Override
  public String name() {
    return "bootstrap-signer-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:bootstrap-signer";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.mapped(
            CONFIG_MAPS, (change, views) -> change.key().equals(KEY) ? List.of(KEY) : List.of()),
        Source.mapped(
            SECRETS,
            (change, views) ->
                change.latest().getType().equals(TokenSecret.BOOTSTRAP_TOKEN)
                    ? List.of(KEY)
                    : List.of()));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return List.of(KEY);
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(CONFIG_MAPS)
        .get(KEY)
        .filter(info -> info.getData() != null && info.getData().containsKey(KUBECONFIG))
        .flatMap(info -> Commands.change(CONFIG_MAPS, info, signed(info, views, now)))
        .map(Reconciliation::of)
        .orElse(Reconciliation.nothing());
  }

  private static ConfigMap signed(ConfigMap info, Views views, Instant now) {
    Map<String, String> data = new TreeMap<>(info.getData());
    data.keySet().removeIf(name -> name.startsWith(PREFIX));
    views
        .of(SECRETS)
        .inNamespace(BootstrapTokenCleaner.NAMESPACE)
        .forEach(token ->
            signature(token, data.get(KUBECONFIG), now)
                .ifPresent(jws -> data.put(PREFIX + token.part("token-id").orElseThrow(), jws)));
    return new ConfigMapBuilder(info).withData(data).build();
  }

  private static Optional<String> signature(TokenSecret token, String content, Instant now) {
    boolean expired =
        BootstrapTokenCleaner.expiration(token).filter(end -> !end.isAfter(now)).isPresent();
    boolean forSigning = token.part("usage-bootstrap-signing").filter("true"::equals).isPresent();
    Optional<String> id = token.part("token-id");
    Optional<String> secret = token.part("token-secret");
    boolean named =
        id.filter(it -> token.getMetadata().getName().equals("bootstrap-token-" + it)).isPresent();
    return expired || !forSigning || !named
        ? Optional.empty()
        : secret.map(it -> sign(id.get(), it, content));
  }

  /** The content is left out: whoever verifies has it. */
  static String sign(String tokenId, String secret, String content) {
    String header = base64("{\"alg\":\"HS256\",\"kid\":\"" + tokenId + "\"}");
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature =
          mac.doFinal((header + "." + base64(content)).getBytes(StandardCharsets.US_ASCII));
      return header + ".." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
