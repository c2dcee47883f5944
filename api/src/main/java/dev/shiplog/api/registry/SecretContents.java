package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;

/** What of Secrets is shown to nobody but who reads the Secret itself. */
public final class SecretContents {

  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final List<String> CONTENTS = List.of("data", "stringData");

  /** Where {@code kubectl apply} keeps what it was given, contents included. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private SecretContents() {}

  public static boolean concern(StorageResource resource) {
    return resource.equals(SECRETS);
  }

  /** Takes the contents out of a Secret; the tree is changed in place. */
  public static ObjectNode removeFrom(ObjectNode secret) {
    secret.remove(CONTENTS);
    if (secret.at("/metadata/annotations") instanceof ObjectNode annotations) {
      annotations.remove(LAST_APPLIED);
    }
    return secret;
  }
}
