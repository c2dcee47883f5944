package dev.shiplog.scheduler.model;

import java.util.List;

/**
 * The images a pod needs.
 *
 * @param names as nodes report them, a tag or digest included
 */
public record PodImages(List<String> names) {

  public PodImages {
    names = List.copyOf(names);
  }

  /** An image's name with the tag that is meant where it names none. */
  static String normalized(String image) {
    return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
  }
}
