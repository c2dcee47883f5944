package dev.shiplog.api.admission.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/**
 * Compares amounts with one entry of a LimitRange.
 *
 * @param broken takes what is wrong
 */
record LimitCheck(ObjectNode limit, List<String> broken) {

  private String type() {
    return Trees.text(limit, "type");
  }

  void of(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Amounts.of(limit.path("min"))
        .forEach((name, least) -> least(name, least, requests.get(name), limits.get(name)));
    Amounts.of(limit.path("max"))
        .forEach((name, most) -> most(name, most, requests.get(name), limits.get(name)));
    Amounts.of(limit.path("maxLimitRequestRatio"))
        .forEach((name, most) -> ratio(name, most, requests.get(name), limits.get(name)));
  }

  void ofRequests(JsonNode requests) {
    Map<String, Quantity> asked = Amounts.of(requests);
    Amounts.of(limit.path("min"))
        .forEach((name, least) -> least(name, least, asked.get(name), null));
    Amounts.of(limit.path("max"))
        .forEach((name, most) -> {
          Quantity request = asked.get(name);
          if (request == null) {
            broken.add(
                "maximum %s usage per %s is %s.  No request is specified"
                    .formatted(name, type(), most));
          } else if (request.compareTo(most) > 0) {
            broken.add(
                "maximum %s usage per %s is %s, but request is %s"
                    .formatted(name, type(), most, request));
          }
        });
  }

  private void least(String name, Quantity least, Quantity request, Quantity limited) {
    if (request == null) {
      broken.add(
          "minimum %s usage per %s is %s.  No request is specified".formatted(name, type(), least));
    } else if (request.compareTo(least) < 0) {
      broken.add(
          "minimum %s usage per %s is %s, but request is %s"
              .formatted(name, type(), least, request));
    } else if (limited != null && limited.compareTo(least) < 0) {
      broken.add(
          "minimum %s usage per %s is %s, but limit is %s".formatted(name, type(), least, limited));
    }
  }

  private void most(String name, Quantity most, Quantity request, Quantity limited) {
    if (limited == null) {
      broken.add(
          "maximum %s usage per %s is %s.  No limit is specified".formatted(name, type(), most));
    } else if (limited.compareTo(most) > 0) {
      broken.add(
          "maximum %s usage per %s is %s, but limit is %s".formatted(name, type(), most, limited));
    } else if (request != null && request.compareTo(most) > 0) {
      broken.add(
          "maximum %s usage per %s is %s, but request is %s"
              .formatted(name, type(), most, request));
    }
  }

  private void ratio(String name, Quantity most, Quantity request, Quantity limited) {
    String rule = "%s max limit to request ratio per %s is %s".formatted(name, type(), most);
    if (request == null || request.isZero()) {
      broken.add(rule + ", but no request is specified or request is 0");
    } else if (limited == null || limited.isZero()) {
      broken.add(rule + ", but no limit is specified or limit is 0");
    } else {
      var ratio = limited.amount().divide(request.amount(), MathContext.DECIMAL64);
      if (ratio.compareTo(most.amount()) > 0) {
        broken.add("%s, but provided ratio is %f".formatted(rule, ratio));
      }
    }
  }
}
