/**
 * How wide a drawing is shown. It shrinks with the column only until its text,
 * drawn at `textSize`, would be smaller than `smallest`; below that its frame
 * scrolls.
 *
 * @param {{width: number, textSize: number, smallest: number}} drawing
 */
export function widths({ width, textSize, smallest }) {
    return {
        natural: Math.ceil(width),
        least: Math.ceil(Math.min(width, width * (smallest / textSize))),
    };
}

/**
 * Mermaid's settings in the book's colours.
 *
 * @param {(name: string) => string} color the value of one of our variables
 * @param {{dark: boolean, font: string, textSize: number}} options
 */
export function settings(color, { dark, font, textSize }) {
    const ground = color('--bg-raised');
    return {
        startOnLoad: false,
        securityLevel: /** @type {const} */ ('strict'),
        theme: /** @type {const} */ ('base'),
        look: /** @type {const} */ ('classic'),
        layout: 'dagre', // the default since mermaid 12 is another library as large again
        fontFamily: font,
        fontSize: textSize,
        htmlLabels: true,
        // The natural width is written into the drawing; our own CSS fits it.
        flowchart: { useMaxWidth: false, wrappingWidth: 280, curve: /** @type {const} */ ('basis'), padding: 12 },
        sequence: { useMaxWidth: false, mirrorActors: false, messageFontSize: textSize, actorFontSize: textSize, noteFontSize: textSize },
        themeVariables: {
            darkMode: dark,
            fontFamily: font,
            fontSize: `${textSize}px`,
            background: ground,
            mainBkg: color('--accent-bg'),
            primaryColor: color('--accent-bg'),
            primaryBorderColor: color('--accent'),
            primaryTextColor: color('--fg-strong'),
            secondaryColor: color('--bg-sunk'),
            secondaryBorderColor: color('--line-strong'),
            secondaryTextColor: color('--fg'),
            tertiaryColor: color('--bg'),
            tertiaryBorderColor: color('--line-strong'),
            tertiaryTextColor: color('--fg'),
            lineColor: color('--fg-soft'),
            textColor: color('--fg'),
            titleColor: color('--fg-strong'),
            edgeLabelBackground: ground,
            clusterBkg: color('--bg'),
            clusterBorder: color('--line-strong'),
            nodeBorder: color('--accent'),
            nodeTextColor: color('--fg-strong'),
            actorBkg: color('--accent-bg'),
            actorBorder: color('--accent'),
            actorTextColor: color('--fg-strong'),
            actorLineColor: color('--line-strong'),
            signalColor: color('--fg'),
            signalTextColor: color('--fg'),
            labelBoxBkgColor: color('--bg-sunk'),
            labelBoxBorderColor: color('--line-strong'),
            labelTextColor: color('--fg'),
            loopTextColor: color('--fg'),
            noteBkgColor: color('--acknowledgement-bg'),
            noteBorderColor: color('--acknowledgement'),
            noteTextColor: color('--fg'),
            activationBkgColor: color('--bg-sunk'),
            activationBorderColor: color('--line-strong'),
        },
    };
}
