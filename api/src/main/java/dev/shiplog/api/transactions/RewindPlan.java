package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.registry.SecretContents;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a rewind does.
 *
 * @param revision the revision gone back to
 * @param basedOn the revision it was compared with
 * @param steps in the order in which they are done
 * @param left what is not brought back though it changed, and why
 */
record RewindPlan(long revision, long basedOn, List<Step> steps, List<Left> left) {

  /**
   * A change.
   *
   * @param from the object as it is, in the version it is stored in; null if it is not there
   * @param to as it is to be; null if it is to be deleted
   */
  record Step(Operation operation, ObjectKey key, ObjectNode from, ObjectNode to) {
    ObjectNode shownFrom() {
      return shown(from);
    }

    ObjectNode shownTo() {
      return shown(to);
    }

    private ObjectNode shown(ObjectNode object) {
      return object == null || !SecretContents.concern(key.resource())
          ? object
          : SecretContents.removeFrom(object.deepCopy());
    }
  }

  /** Something that stays as it is. */
  record Left(String apiVersion, String kind, String name, String reason) {
    static Left of(ObjectNode object, String reason) {
      return new Left(
          object.path("apiVersion").asText(""),
          object.path("kind").asText(""),
          Meta.name(object),
          reason);
    }
  }

  /** The same for plans that do the same, whatever the revisions are by then. */
  String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Step step : steps) {
        digest.update(utf8(step.operation().name() + " " + step.key().resource().name()));
        digest.update(utf8(" " + step.key().text() + "\n"));
        if (step.to() != null) {
          digest.update(Json.bytes(RewindRules.essence(step.to())));
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
