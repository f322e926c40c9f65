package io.larder.benchmarks;

import java.io.Serializable;

/** The object that is cached: eight fields, mutable, so that store-by-value has to copy it. */
public final class Profile implements Serializable {

  private static final long serialVersionUID = 1L;

  private String name = "";
  private String email = "";
  private String city = "";
  private String language = "";
  private long account;
  private int visits;
  private double rating;
  private boolean active;

  /** For serializers. */
  public Profile() {}

  /** The profile of that number; equal numbers give equal profiles. */
  static Profile of(int number) {
    Profile profile = new Profile();
    profile.name = "Person " + number;
    profile.email = "person." + number + "@example.org";
    profile.city = "City " + number % 97;
    profile.language = number % 2 == 0 ? "en" : "pl";
    profile.account = 1_000_000_007L * number;
    profile.visits = number % 1000;
    profile.rating = number / 7.0;
    profile.active = number % 3 == 0;
    return profile;
  }

  /** Changes this profile in place. */
  public void visit() {
    visits++;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Profile that
        && name.equals(that.name)
        && email.equals(that.email)
        && city.equals(that.city)
        && language.equals(that.language)
        && account == that.account
        && visits == that.visits
        && Double.compare(rating, that.rating) == 0
        && active == that.active;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(account);
  }
}
