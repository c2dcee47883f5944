/** HorizontalPodAutoscalers: how many replicas there should be, by what the present ones use. */
package dev.shiplog.streams.controllers.autoscaling;
