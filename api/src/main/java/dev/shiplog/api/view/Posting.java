package dev.shiplog.api.view;

import dev.shiplog.api.schema.decoding.Quantity;
import java.util.Map;

/**
 * One place where an object is found.
 *
 * @param weight what the object adds to the total of the place
 */
record Posting(String index, String value, Map<String, Quantity> weight) {

  Posting(String index, String value) {
    this(index, value, Map.of());
  }
}
