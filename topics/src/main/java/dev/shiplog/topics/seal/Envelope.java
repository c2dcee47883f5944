package dev.shiplog.topics.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sealed value: an object with kind, apiVersion and metadata as everybody may see them, and the
 * whole object encrypted.
 *
 * <pre>
 *   {"kind": …, "apiVersion": …, "metadata": {…},
 *    "sealed": {"method": "AES-256-GCM", "key": NAME, "wrapped": …, "data": …}}
 * </pre>
 *
 * {@code data} is encrypted with a key of its own, and that, in {@code wrapped}, with the named key
 * of the key file: so no key encrypts more than its file's lifetime of keys, each once. Both are
 * base64 of a nonce of 12 bytes, the ciphertext and a tag of 16; {@code data} is bound to the
 * object's resource and key. Annotations may repeat contents, and managed fields name them: they
 * are only inside. Any thread.
 */
final class Envelope {

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final String METHOD = "AES-256-GCM";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;
  private static final List<String> ONLY_INSIDE = List.of("annotations", "managedFields");

  private final Keyring keys;
  private final SecureRandom random = new SecureRandom();

  Envelope(Keyring keys) {
    this.keys = keys;
  }

  String sealingName() {
    return keys.sealingName();
  }

  byte[] seal(String place, byte[] json) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    ObjectNode object = Json.read(json, ObjectNode.class);
    ObjectNode shown = Json.MAPPER.createObjectNode();
    shown.set("kind", object.get("kind"));
    shown.set("apiVersion", object.get("apiVersion"));
    shown.set("metadata", ((ObjectNode) object.path("metadata")).without(ONLY_INSIDE));
    shown
        .putObject("sealed")
        .put("method", METHOD)
        .put("key", keys.sealingName())
        .put("wrapped", encrypted(keys.sealing(), keys.sealingName(), key))
        .put("data", encrypted(new SecretKeySpec(key, "AES"), place, json));
    return Json.bytes(shown);
  }

  byte[] open(StorageResource resource, String objectKey, String place, byte[] envelope) {
    JsonNode sealed = Json.read(envelope, JsonNode.class).path("sealed");
    String name = sealed.path("key").asText();
    SecretKey key =
        keys.named(name).orElseThrow(() -> SealedException.withoutKey(resource, objectKey, name));
    try {
      byte[] own = decrypted(key, name, sealed.path("wrapped").asText());
      return decrypted(new SecretKeySpec(own, "AES"), place, sealed.path("data").asText());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw SealedException.broken(resource, objectKey, name);
    }
  }

  /** Name of the key that a value is sealed with. */
  static String keyName(byte[] envelope) {
    return Json.read(envelope, JsonNode.class).at("/sealed/key").asText();
  }

  private String encrypted(SecretKey key, String bound, byte[] bytes) {
    try {
      byte[] nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, bound);
      byte[] out = new byte[NONCE_BYTES + cipher.getOutputSize(bytes.length)];
      System.arraycopy(nonce, 0, out, 0, NONCE_BYTES);
      int _ = cipher.doFinal(bytes, 0, bytes.length, out, NONCE_BYTES);
      return Base64.getEncoder().encodeToString(out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  private static byte[] decrypted(SecretKey key, String bound, String text)
      throws GeneralSecurityException {
    byte[] all = Base64.getDecoder().decode(text);
    if (all.length < NONCE_BYTES) {
      throw new IllegalArgumentException("too short");
    }
    byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
    return cipher(Cipher.DECRYPT_MODE, key, nonce, bound)
        .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String bound)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
