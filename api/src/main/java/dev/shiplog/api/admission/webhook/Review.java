package dev.shiplog.api.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.matching.Shown;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code admission.k8s.io/v1 AdmissionReview}: what a webhook is asked, and what it answers. */
final class Review {

  private static final String VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";

  private Review() {}

  /** The question, about the request as it is now. */
  static ObjectNode question(AdmissionRequest request, ResourceType type, String uid) {
    ObjectNode told = Shown.request(request, type);
    told.put("uid", uid);
    told.set("object", Shown.object(request, type));
    told.set("oldObject", Shown.before(request, type));
    ObjectNode review = Json.MAPPER.createObjectNode().put("apiVersion", VERSION).put("kind", KIND);
    review.set("request", told);
    return review;
  }

  /**
   * An answer.
   *
   * @param status what is told of a refusal
   * @param patch a JSON patch; empty for none
   */
  record Verdict(
      boolean allowed,
      JsonNode status,
      Optional<byte[]> patch,
      List<String> warnings,
      Map<String, String> annotations) {}

  /**
   * Reads an answer.
   *
   * @throws IOException if it is none to the question
   */
  static Verdict verdict(byte[] body, String uid, boolean mutating) throws IOException {
    JsonNode review = Json.MAPPER.readTree(body);
    if (!Trees.text(review, "apiVersion").equals(VERSION)
        || !Trees.text(review, "kind").equals(KIND)) {
      throw new IOException(
          "expected webhook response of %s, Kind=%s, got %s, Kind=%s"
              .formatted(
                  VERSION, KIND, Trees.text(review, "apiVersion"), Trees.text(review, "kind")));
    }
    JsonNode response = review.path("response");
    if (!Trees.text(response, "uid").equals(uid)) {
      throw new IOException(
          "expected response.uid=\"%s\", got \"%s\"".formatted(uid, Trees.text(response, "uid")));
    }
    List<String> warnings = new ArrayList<>(Trees.texts(response, "warnings"));
    return new Verdict(
        response.path("allowed").asBoolean(false),
        response.path("status"),
        patch(response, mutating),
        warnings,
        new LinkedHashMap<>(Trees.map(response, "auditAnnotations")));
  }

  private static Optional<byte[]> patch(JsonNode response, boolean mutating) throws IOException {
    String patch = Trees.text(response, "patch");
    String type = Trees.text(response, "patchType");
    if (patch.isEmpty() && type.isEmpty()) {
      return Optional.empty();
    }
    if (!mutating) {
      throw new IOException("validating webhook response must not contain a patch");
    }
    if (!type.equals("JSONPatch")) {
      throw new IOException(
          "webhook returned response.patchType=\"%s\", expected JSONPatch".formatted(type));
    }
    return patch.isEmpty() ? Optional.empty() : Optional.of(Base64.getDecoder().decode(patch));
  }
}
