package ui

// The stylesheets and the scripts are bundled into assets/, which is
// committed, so that building the product needs nothing but Go.
//
//go:generate go tool templ generate
//go:generate go tool esbuild styles/app.css --bundle --minify --target=chrome99,safari15.4,firefox97 --external:*.woff2 --outfile=assets/app.css --log-level=warning
//go:generate go tool esbuild scripts/app.js --bundle --minify --format=esm --target=chrome80,safari13.1,firefox78 --outfile=assets/app.js --log-level=warning
//go:generate go tool esbuild scripts/keep.js --bundle --minify --format=esm --target=chrome80,safari15.4,firefox78 --outfile=assets/keep.js --log-level=warning
//go:generate go tool esbuild scripts/sw.js --bundle --minify --format=iife --target=chrome80,safari16,firefox78 --outfile=assets/sw.js --log-level=warning
//go:generate go tool esbuild scripts/sends.js --bundle --minify --format=esm --target=chrome80,safari14.1,firefox78 --outfile=assets/sends.js --log-level=warning
//go:generate go tool esbuild scripts/rich.js --bundle --minify --format=esm --target=chrome99,safari15.4,firefox97 --outfile=assets/rich.js --log-level=warning
