package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.IntUnaryOperator;

/**
 * The volume through which a pod's containers get the token of their ServiceAccount, the authority
 * to verify the API server with, and their namespace, where clients look for them.
 */
final class TokenVolume {

  static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String PREFIX = "kube-api-access-";

  /** Without vowels and look-alikes, so that no words come of it. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;

  /** An hour, and seven seconds by which the token is told from one that asked for an hour. */
  private static final int SECONDS = 3607;

  private static final int READ_ONLY_FOR_ALL = 0644;

  private TokenVolume() {}

  /**
   * Adds the volume to a pod and mounts it in every container that has nothing else there.
   *
   * @param random a number below its argument
   */
  static void add(ObjectNode podSpec, IntUnaryOperator random) {
    String name = PREFIX + suffix(random);
    boolean mounted = mount(podSpec.path("initContainers"), name);
    mounted |= mount(podSpec.path("containers"), name);
    if (mounted) {
      describe(podSpec.withArray("/volumes").addObject().put("name", name).putObject("projected"));
    }
  }

  private static boolean mount(JsonNode containers, String volume) {
    boolean mounted = false;
    for (JsonNode container : containers) {
      ArrayNode mounts = ((ObjectNode) container).withArray("/volumeMounts");
      if (!isTaken(mounts)) {
        mounts.addObject().put("name", volume).put("readOnly", true).put("mountPath", MOUNT_PATH);
        mounted = true;
      }
    }
    return mounted;
  }

  private static boolean isTaken(ArrayNode mounts) {
    for (JsonNode mount : mounts) {
      if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
        return true;
      }
    }
    return false;
  }

  private static void describe(ObjectNode projected) {
    ArrayNode sources = projected.put("defaultMode", READ_ONLY_FOR_ALL).putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", SECONDS)
        .put("path", "token");
    ObjectNode authority = sources.addObject().putObject("configMap");
    authority
        .put("name", "kube-root-ca.crt")
        .putArray("items")
        .addObject()
        .put("key", "ca.crt")
        .put("path", "ca.crt");
    sources
        .addObject()
        .putObject("downwardAPI")
        .putArray("items")
        .addObject()
        .put("path", "namespace")
        .putObject("fieldRef")
        .put("apiVersion", "v1")
        .put("fieldPath", "metadata.namespace");
  }

  private static String suffix(IntUnaryOperator random) {
    StringBuilder suffix = new StringBuilder(SUFFIX_LENGTH);
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      suffix.append(ALPHABET.charAt(random.applyAsInt(ALPHABET.length())));
    }
    return suffix.toString();
  }
}
