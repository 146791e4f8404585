import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const paths = {
  top: at("."),
  sallyport: at("bin/sallyport"),
  configuration: at("web/examples/sallyport.yaml"),
  next: at("web/examples/nextjs"),
  fastapi: at("web/examples/fastapi"),
  e2e: at("web/e2e"),
  artifacts: at("web/e2e/artifacts"),
  demo: at(".demo"),
};
