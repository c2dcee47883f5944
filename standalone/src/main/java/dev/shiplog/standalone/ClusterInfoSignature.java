package dev.shiplog.standalone;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of {@code cluster-info} by a bootstrap token: a JSON Web Signature (HS256) whose
 * content, the kubeconfig, is left out. Whoever knows the token can tell by it that nobody else
 * wrote what the ConfigMap says.
 */
final class ClusterInfoSignature {

  private static final String PREFIX = "jws-kubeconfig-";
  private static final String CONTENT = "kubeconfig";

  private ClusterInfoSignature() {}

  /**
   * Checks what a cluster says of itself, where it is signed by the token. A token that is not for
   * signing signs nothing, and one that was made a moment ago may not have yet; then the
   * connection, whose authority was named when joining, has to do.
   *
   * @throws StartFailure if the signature is not that of the token
   */
  static void check(Map<String, String> data, String token) {
    int dot = token.indexOf('.');
    String signature = data.get(PREFIX + token.substring(0, Math.max(0, dot)));
    if (dot < 0 || signature == null) {
      return;
    }
    String[] parts = signature.split("\\.", -1);
    boolean detached = parts.length == 3 && parts[1].isEmpty();
    if (!detached
        || !isHs256(parts[0])
        || !isBy(token.substring(dot + 1), parts[0], parts[2], data.getOrDefault(CONTENT, ""))) {
      throw new StartFailure(
          "kube-public/cluster-info is not signed with this token: somebody else wrote it, or the "
              + "token is wrong");
    }
  }

  private static boolean isHs256(String header) {
    try {
      return new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8)
          .contains("\"alg\":\"HS256\"");
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static boolean isBy(String secret, String header, String signature, String content) {
    String signed = header + "." + base64(content.getBytes(StandardCharsets.UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String expected = base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
      return MessageDigest.isEqual(
          expected.getBytes(StandardCharsets.US_ASCII),
          signature.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
