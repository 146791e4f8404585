import type { NextConfig } from "next";

const config: NextConfig = {
  // Two builds of one folder, such as those of the two set-ups, must not overwrite each other.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
};

export default config;
